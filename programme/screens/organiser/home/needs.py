"""What needs the organisers now, reckoned afresh each time: each thing with what, why, by when and one verb."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import false, or_, select

from programme.core.web.words import clock_time, short_date
from programme.engines.calendar import sight
from programme.engines.calendar.models import AcademicPeriod, Event
from programme.engines.calendar.naming import has_place
from programme.engines.calendar.states import EventState, PeriodKind, PeriodStatus
from programme.engines.calendar.term_weeks.weeks import academic_year
from programme.engines.calendar.times import days_before, london_day, start_of_day
from programme.people.models import Organisation
from programme.people.permissions import Scope, Verb, may
from programme.people.states import OrganisationKind
from programme.screens.organiser.home.need import SOON_AFTER, Need
from programme.screens.organiser.home.sources import (
    broadcasts,
    deciding,
    doctoral,
    imports,
    registering,
    returning,
    running,
    subscribed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

PUBLISH_BEFORE, NAME_BEFORE, PLACE_BEFORE = 14, 7, 14
"""Days before its start by which an event is to be published, named, and given a venue."""

AHEAD = timedelta(weeks=6)
MOST_OF_A_KIND = 10
NEW_YEAR_MONTH = 6


def needs(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return everything that needs `actor`, the most pressing first."""
    found = [
        *running.needs(session, actor, now=now),
        *event_needs(session, actor, now=now),
        *date_needs(session, actor, now=now),
        *registering.needs(session, actor, now=now),
        *deciding.needs(session, actor, now=now),
        *doctoral.needs(session, actor, now=now),
        *imports.needs(session, actor, now=now),
        *subscribed.needs(session, actor),
        *returning.needs(session, actor, now=now),
        *broadcasts.needs(session, actor, now=now),
    ]
    return sorted(found, key=lambda need: (need.due is None, need.due or now))


def grouped(found: Iterable[Need], *, now: datetime) -> list[tuple[str, list[Need]]]:
    """Sort needs under Today, This week and Soon."""
    tomorrow = days_before(start_of_day(london_day(now)), -1)
    groups: dict[str, list[Need]] = {"Today": [], "This week": [], "Soon": []}
    for need in found:
        if need.due is not None and need.due < tomorrow:
            groups["Today"].append(need)
        elif need.due is not None and need.due < now + SOON_AFTER:
            groups["This week"].append(need)
        else:
            groups["Soon"].append(need)
    return [(name, members) for name, members in groups.items() if members]


def event_needs(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return what events ahead still lack: publication, a title, a venue, a date."""
    lacking = or_(
        Event.state == EventState.DRAFT,
        Event.title_is_known.is_(False),
        Event.date_is_known.is_(False),
        Event.venue_id.is_(None) & (Event.room == "") & Event.is_online.is_(False),
    )
    ahead = or_(Event.starts_at.between(now, now + AHEAD), Event.date_is_known.is_(False))
    statement = (
        select(Event)
        .where(may_edit(actor), ahead, lacking, Event.state != EventState.CANCELLED, Event.is_archive.is_(False))
        .order_by(Event.starts_at, Event.id)
        .limit(4 * MOST_OF_A_KIND)
    )
    return [need for event in session.scalars(statement) for need in [lack_of(event)] if need]


def may_edit(actor: Actor) -> ColumnElement[bool]:
    """Whether the event is one of the actor's own: who only runs the installation has nothing to do here."""
    own = [sight.organised_under(grant) for grant in actor.grants if grant.organisation is not None]
    return or_(false(), *[condition for condition in own if condition is not None])


def lack_of(event: Event) -> Need | None:
    """Return the most pressing lack of one event."""
    address = f"/organise/events/{event.id}"
    when = f"{short_date(event.starts_at)}, {clock_time(event.starts_at)}"
    if not event.date_is_known:
        return Need(
            f"Find a date for {event.title}", f"{address}/reinstatement", "Postponed without one.", None, "Set date"
        )
    if event.state is EventState.DRAFT:
        why = f"It is on {when}, and nobody sees it yet."
        return Need(f"Publish {event.title}", address, why, days_before(event.starts_at, PUBLISH_BEFORE), "Look")
    if not has_place(event):
        why = f"It is on {when}, and people read “place not known yet”."
        due = days_before(event.starts_at, PLACE_BEFORE)
        return Need(f"Give {event.title} a venue", f"{address}/move", why, due, "Set venue")
    why = f"It is on {when}, and its title is still to be announced."
    due = days_before(event.starts_at, NAME_BEFORE)
    return Need(f"Name the talk: {event.title}", f"{address}/details", why, due, "Name it")


def date_needs(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return the universities of the actor, or all for an administrator, whose term dates nobody has entered."""
    today = london_day(now)
    year = academic_year(today) + (NEW_YEAR_MONTH <= today.month < 9)  # noqa: PLR2004  September
    universities = select(Organisation).where(Organisation.kind == OrganisationKind.UNIVERSITY)
    own = {row.id for row in session.scalars(universities) if may(actor, Verb.EDIT, Scope(lead=row.id))}
    concerned = [row for row in session.scalars(universities) if row.id in own or actor.is_administrator]
    known = select(AcademicPeriod.organisation_id, AcademicPeriod.first_day).where(
        AcademicPeriod.kind == PeriodKind.TEACHING, AcademicPeriod.status != PeriodStatus.PLACEHOLDER
    )
    entered = {row[0] for row in session.execute(known) if academic_year(row[1]) == year} if concerned else set()
    return [
        Need(
            f"Enter {row.short_name}’s dates for {year}–{(year + 1) % 100:02}",
            "/organise/dates",
            f"{'' if row.id in own else 'Ask its organisers to. '}Pages say “dates not confirmed” until then.",
            None,
            "Enter" if row.id in own else "Look",
            station="ahead",
        )
        for row in concerned
        if row.id not in entered
    ]
