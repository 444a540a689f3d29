"""What stands in timetables: breaks of events, their parts as everybody sees them, and who speaks in these."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, or_, select

from programme.engines.calendar.models import Contribution, Event, Series, TimetableBreak, Venue, WithdrawnEvent
from programme.engines.calendar.sight import announced
from programme.engines.calendar.states import EventState, Visibility

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


class PartRow(NamedTuple):
    """A part of a whole: `withdrawn_at` is when it left public calendars, None where everybody sees it."""

    part_of_id: int
    title: str
    title_is_known: bool
    state: EventState
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    date_is_known: bool
    room: str
    is_online: bool
    changed_at: datetime
    venue: str | None
    series: str | None
    withdrawn_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it has a time in the timetable that everybody sees."""
        is_on = self.state is not EventState.CANCELLED and self.date_is_known and not self.all_day
        return is_on and self.withdrawn_at is None


def parts_at(session: Session, ids: Collection[int]) -> dict[int, list[PartRow]]:
    """Return the parts of each event that everybody sees, or saw until they were withdrawn: one query."""
    found: defaultdict[int, list[PartRow]] = defaultdict(list)
    is_named = and_(Series.id == Event.series_id, Series.visibility == Visibility.PUBLIC)
    left = and_(WithdrawnEvent.event_id == Event.id, WithdrawnEvent.was_public)
    is_seen = and_(Event.visibility == Visibility.PUBLIC, announced())
    wanted = (
        select(Event.part_of_id, Event.title, Event.title_is_known, Event.state, Event.starts_at, Event.ends_at)
        .add_columns(Event.all_day, Event.date_is_known, Event.room, Event.is_online, Event.changed_at)
        .add_columns(Venue.name, Series.title, WithdrawnEvent.withdrawn_at)
        .join(Venue, Venue.id == Event.venue_id, isouter=True)
        .join(Series, is_named, isouter=True)
        .join(WithdrawnEvent, left, isouter=True)
        .where(Event.part_of_id.in_(ids), or_(is_seen, WithdrawnEvent.event_id.is_not(None)))
        .order_by(Event.starts_at, Event.id)
    )
    for row in session.execute(wanted):
        part = PartRow(*row)
        found[part.part_of_id].append(part)
    return found


def breaks_of(session: Session, event_id: int) -> Sequence[TimetableBreak]:
    """Return the breaks of an event, in their order."""
    mine = select(TimetableBreak).where(TimetableBreak.event_id == event_id)
    return session.scalars(mine.order_by(TimetableBreak.begins_after, TimetableBreak.id)).all()


def breaks_at(session: Session, ids: Collection[int]) -> dict[int, list[TimetableBreak]]:
    """Return the breaks of each event, in their order: one query."""
    found: defaultdict[int, list[TimetableBreak]] = defaultdict(list)
    wanted = select(TimetableBreak).where(TimetableBreak.event_id.in_(ids))
    for row in session.scalars(wanted.order_by(TimetableBreak.begins_after, TimetableBreak.id)):
        found[row.event_id].append(row)
    return found


def names_at(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return who is on the programme of each event, in their order; nothing is asked about no event."""
    if not ids:
        return {}
    found: defaultdict[int, list[str]] = defaultdict(list)
    wanted = select(Contribution.event_id, Contribution.name).where(Contribution.event_id.in_(ids))
    for event_id, name in session.execute(wanted.order_by(Contribution.position, Contribution.id)):
        found[event_id].append(name)
    return {event_id: tuple(names) for event_id, names in found.items()}
