"""The timetable of an event as its page shows it: its parts and breaks by day, rooms side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import place_words, shown_title, status_of
from programme.engines.calendar.queries.days.timetables import breaks_of, names_at
from programme.engines.calendar.timetable.drawing import Day, Item, days_of
from programme.engines.calendar.timetable.spans import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event, TimetableBreak
    from programme.engines.calendar.queries.lists import EventLine


def days_at(session: Session, event: Event, parts: Sequence[EventLine]) -> tuple[Day, ...]:
    """Return the timetable of an event from the parts that its reader may see; a part has none.

    Parts that last all day, or have no date, stand in no timetable: the page lists them below.
    """
    if event.part_of_id is not None:
        return ()
    timed = [line for line in parts if not is_untimed(line)]
    names = names_at(session, [line.id for line in timed])
    home = place_words(event.room, event.venue.name if event.venue else "", is_online=event.is_online)
    items = [item_of(line, names.get(line.id, ()), home=home) for line in timed]
    return days_of([*items, *breaks_in(event, breaks_of(session, event.id))])


def is_untimed(line: EventLine) -> bool:
    """Whether a part has no place in a timetable."""
    return line.all_day or not line.date_is_known


def item_of(line: EventLine, names: tuple[str, ...], *, home: str) -> Item:
    """Return one part; a room is named where it is not simply where the whole is."""
    title = shown_title(line.title, is_known=line.title_is_known, series=line.series)
    place = place_words(line.room, line.venue, is_online=line.is_online)
    return Item(
        line.starts_at,
        line.ends_at,
        title,
        room="" if place == home else line.room or place,
        url=f"/events/{slug(title, line.id)}",
        people=names,
        is_off=status_of(line.state, date_is_known=line.date_is_known) is not EntryStatus.CONFIRMED,
    )


def breaks_in(event: Event, rows: Iterable[TimetableBreak]) -> list[Item]:
    """Return the breaks of an event."""
    found = []
    for row in rows:
        starts_at, ends_at = span(event.starts_at, begins_after=row.begins_after, minutes=row.minutes)
        found.append(Item(starts_at, ends_at, row.title, room=row.place, is_break=True))
    return found
