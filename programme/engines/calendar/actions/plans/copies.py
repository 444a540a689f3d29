"""Copies: one event to a new date, or a series' events of a year from a new first day on, at the same London times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.engines.calendar.actions.events import MOST_CONTRIBUTORS, contributions_of, contributor_of
from programme.engines.calendar.actions.values import PLAN_FIELDS, Details
from programme.engines.calendar.feeds.renewing import renew
from programme.engines.calendar.models import Event, TimetableBreak
from programme.engines.calendar.pictures.actions import copy_picture
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.weeks import academic_year
from programme.engines.calendar.times import days_before, london_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

__all__ = [
    "MOST_CONTRIBUTORS",
    "Shifted",
    "copy",
    "copy_series",
    "details_of",
    "events_in_year",
    "shifted_series",
    "years_of",
]

MOST_AT_ONCE = 500
APART = ("contributions", "focus_areas")


@dataclass(frozen=True, slots=True)
class Shifted:
    """One event of a series and when its copy would be; `is_there` where the series has such an event already."""

    event: Event
    starts_at: datetime
    ends_at: datetime
    is_there: bool


def copy(session: Session, event_id: int, *, starts_at: datetime, actor: Actor, now: datetime) -> Event:
    """Make a draft like an event, as long as it, at another start."""
    event = session.get(Event, event_id)
    if event is None:
        raise Refusal("This event is not there any more.")
    draft = copied(session, event, starts_at, starts_at + (event.ends_at - event.starts_at), actor=actor, now=now)
    renew(session, [draft.id])
    return draft


def shifted_series(session: Session, series_id: int, *, year: int, first_day: date) -> list[Shifted]:
    """Return what copying the events of an academic year of a series would make, in order of date.

    The first lands on `first_day`, and all others keep their distance from it in days. Cancelled events are left out;
    parts of an event come along. Copies keep London's wall time over changes of the clocks.
    """
    events = events_in_year(session, series_id, year)
    days = (first_day - london_day(events[0].starts_at)).days if events else 0
    there = {(event.title, event.starts_at) for event in events_of(session, series_id, cancelled=True)}
    return [shifted(event, days=days, there=there) for event in events]


def copy_series(
    session: Session, series_id: int, *, year: int, first_day: date, actor: Actor, now: datetime
) -> dict[int, Event]:
    """Make drafts of a year's events of a series, from a new first day on, by the id of the event each is like.

    What is there already is not made twice.
    """
    found = shifted_series(session, series_id, year=year, first_day=first_day)
    wanted = [item for item in found if not item.is_there]
    if not wanted:
        raise Refusal("There is nothing to copy: every one of these events is there already.")
    if len(wanted) > MOST_AT_ONCE:
        raise Refusal(f"At most {MOST_AT_ONCE} events are copied at once.")
    made: dict[int, Event] = {}
    for item in sorted(wanted, key=lambda item: item.event.part_of_id is not None):
        draft = copied(session, item.event, item.starts_at, item.ends_at, actor=actor, now=now)
        draft.part_of = made.get(item.event.part_of_id or 0)
        made[item.event.id] = draft
    renew(session, [draft.id for draft in made.values()])
    return made


def years_of(session: Session, series_id: int) -> list[int]:
    """Return the academic years (by the year each begins in) with events of a series, the latest first."""
    return sorted({year_of(event) for event in events_of(session, series_id)}, reverse=True)


def events_in_year(session: Session, series_id: int, year: int) -> list[Event]:
    """Return the events of a series in an academic year, in order of date, cancelled ones left out."""
    return [event for event in events_of(session, series_id) if year_of(event) == year]


def year_of(event: Event) -> int:
    """Return the academic year of an event."""
    return academic_year(london_day(event.starts_at))


def shifted(event: Event, *, days: int, there: set[tuple[str, datetime]]) -> Shifted:
    """Reckon one copy."""
    try:
        starts_at, ends_at = days_before(event.starts_at, -days), days_before(event.ends_at, -days)
    except OverflowError as error:
        raise Refusal("That is too far.", field="first_day") from error
    if ends_at <= starts_at:
        ends_at = starts_at + (event.ends_at - event.starts_at)
    return Shifted(event, starts_at, ends_at, (event.title, starts_at) in there)


def events_of(session: Session, series_id: int, *, cancelled: bool = False) -> list[Event]:
    """Return the events of a series, and their parts, in order of date."""
    mine = select(Event.id).where(Event.series_id == series_id)
    its = or_(Event.series_id == series_id, Event.part_of_id.in_(mine))
    statement = select(Event).where(its).order_by(Event.starts_at, Event.id)
    if not cancelled:
        statement = statement.where(Event.state != EventState.CANCELLED)
    loaded = statement.options(
        selectinload(Event.contributions),
        selectinload(Event.co_owners),
        joinedload(Event.venue),
        joinedload(Event.part_of),
    )
    return list(session.scalars(loaded))


def copied(
    session: Session, event: Event, starts_at: datetime, ends_at: datetime, *, actor: Actor, now: datetime
) -> Event:
    """Make the draft."""
    values = {name: getattr(event, name) for name in [*Details.__slots__, *PLAN_FIELDS] if name not in APART}
    values |= {"starts_at": starts_at, "ends_at": ends_at}
    draft = Event(
        lead_organisation_id=event.lead_organisation_id,
        created_at=now,
        changed_at=now,
        focus_areas=list(event.focus_areas),
        **values,
    )
    draft.contributions = contributions_of(details_of(event))
    draft.co_owners = list(event.co_owners)
    session.add(draft)
    session.flush()
    copy_breaks(session, event.id, draft.id)
    copy_picture(session, event.id, draft.id, now=now)
    note(session, draft, "copied", actor=actor, now=now, before={"from": event.id}, after={"title": draft.title})
    return draft


def copy_breaks(session: Session, event_id: int, draft_id: int) -> None:
    """Give a copy the breaks of the timetable that it is like: they count from its own start."""
    for row in session.scalars(select(TimetableBreak).where(TimetableBreak.event_id == event_id)).all():
        kept = {name: getattr(row, name) for name in ("title", "begins_after", "minutes", "place")}
        session.add(TimetableBreak(event_id=draft_id, **kept))


def details_of(event: Event) -> Details:
    """Return everything about an event but when and where it is."""
    values = {name: getattr(event, name) for name in Details.__slots__ if name not in APART}
    people = tuple(contributor_of(row) for row in event.contributions)
    return Details(**values, focus_areas=tuple(event.focus_areas), contributions=people)
