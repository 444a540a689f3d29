"""Events as the rule of warnings reads them, and what is known of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.calendar.clashes.rule import Stay
from programme.engines.calendar.data.known_dates import bank_holidays
from programme.engines.calendar.models import AcademicPeriod, Venue
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.engines.calendar.warnings.values import NOBODY_ASKED, Asked, Days, Kind, Scheduled, Speaker, Spell
from programme.flows.clashing.finding import stay_of
from programme.people.models import Organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Details, Plan
    from programme.engines.calendar.models import Event

KINDS = {PeriodKind.CLOSURE: Kind.CLOSURE, PeriodKind.ASSESSMENT: Kind.ASSESSMENT}


def scheduled(event: Event, *, asked: Asked = NOBODY_ASKED, is_seen: bool = True) -> Scheduled:
    """Return an event as it is."""
    speakers = tuple(Speaker(who.name, who.person_id) for who in event.contributions)
    return Scheduled(
        stay=stay_of(event),
        room=event.room.strip(),
        series_id=event.series_id,
        speakers=speakers,
        asked=asked,
        is_seen=is_seen,
    )


def planned(session: Session, plan: Plan, details: Details, *, event_id: int = 0) -> Scheduled:
    """Return an event as typed, one that is there already by its id."""
    speakers = tuple(Speaker(who.name) for who in details.contributions)
    stay = replanned(session, plan, Stay(event_id=event_id, starts_at=plan.starts_at, ends_at=plan.ends_at))
    stay = replace(stay, title=details.title, part_of_id=details.part_of_id)
    return Scheduled(stay=stay, room=plan.room.strip(), series_id=details.series_id, speakers=speakers)


def moved(session: Session, event: Scheduled, plan: Plan) -> Scheduled:
    """Return an event as it would be at another time or place."""
    stay = replanned(session, plan, event.stay)
    return Scheduled(
        stay=stay, room=plan.room.strip(), series_id=event.series_id, speakers=event.speakers, asked=event.asked
    )


def replanned(session: Session, plan: Plan, stay: Stay) -> Stay:
    """Return a stay by another plan."""
    venue = session.get(Venue, plan.venue_id) if plan.venue_id else None
    changed: dict[str, Any] = {
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "all_day": plan.all_day,
        "is_online": plan.is_online,
        "venue_id": plan.venue_id,
        "site": venue.site if venue else "",
        "place": venue.name if venue else "",
    }
    return replace(stay, **changed)


def days_known(session: Session) -> Days:
    """Return bank holidays, and the closures and examinations that organisers entered: one query."""
    period = AcademicPeriod
    statement = (
        select(Organisation.short_name, period.kind, period.label, period.first_day, period.weeks)
        .join(Organisation, Organisation.id == period.organisation_id)
        .where(period.kind.in_(KINDS), period.status != PeriodStatus.PLACEHOLDER)
        .order_by(period.first_day, period.id)
    )
    spells = [
        Spell(KINDS[kind], place, name, first, first + timedelta(weeks=weeks, days=-1))
        for place, kind, name, first, weeks in session.execute(statement)
    ]
    return Days({row.day: row.name for row in bank_holidays()}, tuple(spells))
