"""What of somebody's own calendar clashes with certain events: a warning for themselves, never a bar."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.calendar.clashes.rule import Stay, clashes
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import title_of
from programme.engines.calendar.ports import Hold, Window
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.calendar.travel.queries import ways

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.clashes.rule import Clash
    from programme.engines.calendar.clashes.ways import Ways
    from programme.engines.calendar.ports import CalendarSource


class Going(NamedTuple):
    """Somebody is to be at an event; `lot` is what it came with, whose dates were seen together when it was taken."""

    event_id: int
    lot: str


def clashes_of(
    session: Session, person_id: int, events: Iterable[Event], *, sources: Iterable[CalendarSource], now: datetime
) -> list[Clash]:
    """Return what of a person's calendar clashes with `events`, in two statements and one for each source.

    What is over, or has no date, clashes with nothing; nor does what the person merely waits for.
    """
    wanted = [stay_of(event) for event in events if lies_ahead(event, now)]
    if not wanted:
        return []
    known = ways(session)
    asked = {one.event_id for one in wanted}
    near = theirs_near(session, person_id, wanted, known, sources=sources, apart_from=asked)
    return clashes(wanted, [stay_of(event) for event in near if lies_ahead(event, now)], known)


def clashes_among(
    session: Session, person_id: int, goings: Iterable[Going], *, sources: Iterable[CalendarSource], now: datetime
) -> Mapping[int, list[Clash]]:
    """Return what clashes with each of somebody's own events, by its id, in three statements and one for each source.

    Beside what is had or offered as beside what is waited for, but only with what is had or offered: what somebody
    merely waits for clashes with nothing yet. Dates of one lot are not compared.
    """
    lots: dict[int, set[str]] = {}
    for one in goings:
        lots.setdefault(one.event_id, set()).add(one.lot)
    wanted = [stay_of(event) for event in events_of(session, lots) if lies_ahead(event, now)]
    if not wanted:
        return {}
    known = ways(session)
    near = theirs_near(session, person_id, wanted, known, sources=sources)
    found = clashes(wanted, [stay_of(event) for event in near if lies_ahead(event, now)], known)
    apart = [one for one in found if not lots[one.wanted.event_id] & lots.get(one.mine.event_id, set())]
    by_event = attrgetter("wanted.event_id")
    return {event_id: list(some) for event_id, some in groupby(sorted(apart, key=by_event), key=by_event)}


def events_of(session: Session, event_ids: Iterable[int]) -> Sequence[Event]:
    """Return events with what a stay tells of them, in one query."""
    wanted = select(Event).where(Event.id.in_(sorted(event_ids)))
    return session.scalars(wanted.options(joinedload(Event.venue), joinedload(Event.series))).all()


def theirs_near(
    session: Session,
    person_id: int,
    wanted: Sequence[Stay],
    known: Ways,
    *,
    sources: Iterable[CalendarSource],
    apart_from: Collection[int] = (),
) -> Sequence[Event]:
    """Return what a person has, or is offered, so near to some stays that the two could clash."""
    first, last = (
        min(one.starts_at for one in wanted) - known.longest,
        max(one.ends_at for one in wanted) + known.longest,
    )
    window = Window(held_until=first, withdrawn_until=last)
    items = [item for source in sources for item in source.items(session, person_id, window)]
    theirs = {item.event_id for item in items if item.hold is not Hold.WITHDRAWN}.difference(apart_from)
    return had_between(session, sorted(theirs), first, last) if theirs else ()


def lies_ahead(event: Event, now: datetime) -> bool:
    """Whether an event takes place at a time that is known, and is not over."""
    return event.state in ANNOUNCED and event.date_is_known and event.ends_at > now


def had_between(session: Session, event_ids: Sequence[int], first: datetime, last: datetime) -> Sequence[Event]:
    """Return those of some events that touch a stretch of time, with what a stay tells of them, in one query."""
    touching = select(Event).where(Event.id.in_(event_ids), Event.starts_at < last, Event.ends_at > first)
    return session.scalars(touching.options(joinedload(Event.venue), joinedload(Event.series))).all()


def stay_of(event: Event) -> Stay:
    """Return an event as the rule of clashes reads it; what is held in a room besides being online is held there."""
    venue = event.venue
    return Stay(
        event_id=event.id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        title=title_of(event),
        site=venue.site if venue else "",
        venue_id=event.venue_id,
        place=venue.name if venue else "",
        is_online=event.is_online,
        all_day=event.all_day,
        part_of_id=event.part_of_id,
    )
