"""What is in an event, as its entry tells it: the parts that everybody sees, and the breaks between."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from programme.engines.calendar.naming import place_words, shown_title
from programme.engines.calendar.timetable.drawing import Item
from programme.engines.calendar.timetable.spans import span
from programme.engines.calendar.timetable.telling import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.calendar.feeds.entries import EntryRow
    from programme.engines.calendar.models import TimetableBreak
    from programme.engines.calendar.queries.days.timetables import PartRow


class Within(NamedTuple):
    """What is in an event: its breaks, and the parts that everybody sees, or saw."""

    breaks: Sequence[TimetableBreak] = ()
    parts: Sequence[PartRow] = ()


NOTHING_WITHIN = Within()


def timetable_of(row: EntryRow, within: Within) -> str:
    """Say what is in an event, a line each; a room is named where it is not simply where the whole is."""
    home, items = place_words(row.room, row.venue, is_online=row.is_online), []
    for it in within.breaks:
        starts_at, ends_at = span(row.starts_at, begins_after=it.begins_after, minutes=it.minutes)
        items.append(Item(starts_at, ends_at, it.title, it.place, is_break=True))
    for part in within.parts:
        if part.stands:
            title = shown_title(part.title, is_known=part.title_is_known, series=part.series)
            place = place_words(part.room, part.venue, is_online=part.is_online)
            room = "" if place == home else part.room or place
            items.append(Item(part.starts_at, part.ends_at, title, room))
    return told(items, first=row.starts_at)
