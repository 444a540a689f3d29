"""What a letter brings for its reader's calendar, for those who look at the letter: what it does, when and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from programme.core.web.words import date_span, time_range
from programme.engines.calendar.reading.reader import read
from programme.engines.calendar.reading.rows import ReadingRefused

if TYPE_CHECKING:
    from programme.engines.calendar.reading.rows import ReadRow

DOES = {
    "REQUEST": "Invites: mail programs show Accept and Decline",
    "CANCEL": "Takes it out of the calendar",
    "PUBLISH": "A file that puts it into a calendar, or takes it out",
}
METHOD = re.compile(rb"^METHOD:([A-Z]+)\s*$", re.MULTILINE)
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event in words."""

    title: str
    when: str
    where: str


@dataclass(frozen=True, slots=True)
class ShownCalendar:
    """What a calendar part does, and the first events in it; `more` is how many others there are."""

    does: str
    method: str
    events: tuple[ShownEvent, ...]
    more: int = 0


def shown_calendar(content: bytes) -> ShownCalendar | None:
    """Return a calendar part in words; None where it cannot be read."""
    found = METHOD.search(content)
    method = found[1].decode() if found else ""
    try:
        rows = read("invite.ics", content).rows
    except ReadingRefused:
        return None
    events = tuple(ShownEvent(row.title, when(row), row.venue) for row in rows[:MOST_SHOWN])
    return ShownCalendar(DOES.get(method, "A calendar file"), method, events, len(rows) - len(events))


def when(row: ReadRow) -> str:
    """Say when an event is."""
    if row.all_day:
        return f"{date_span(row.starts, row.ends - timedelta(days=1))}, all day"
    return f"{date_span(row.starts, row.ends)}, {time_range(row.starts, row.ends)}"
