"""A timetable in lines of text, for calendars: a few words a line, and no more lines than a client shows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.words import clock_time, short_date
from programme.engines.calendar.times import london_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from programme.engines.calendar.timetable.drawing import Item

HEAD = "Timetable (London time):"
MOST_LINES, LONGEST_LINE = 40, 120


def told(items: Iterable[Item], *, first: datetime) -> str:
    """Say what is when in an event that starts at `first`; nothing where nothing is in it.

    Parts are entries of their own, which say the rest; a break is none, so it says until when it is, too.
    """
    ordered = sorted((item.starts_at, item.ends_at, line_of(item, first=first)) for item in items)
    lines = [line for *_, line in ordered]
    if not lines:
        return ""
    more = len(lines) - MOST_LINES
    return "\n".join([HEAD, *lines[:MOST_LINES], *([f"and {more} more on its page"] if more > 0 else [])])


def line_of(item: Item, *, first: datetime) -> str:
    """Say one item, by its day where that is another than the first."""
    day = f"{short_date(item.starts_at)}, " if london_day(item.starts_at) != london_day(first) else ""
    until = f" to {clock_time(item.ends_at)}" if item.is_break else ""
    words = " ".join(f"{item.title}, {item.room}".split()) if item.room else " ".join(item.title.split())
    return shortened(f"{day}{clock_time(item.starts_at)}{until} {words}")


def shortened(line: str) -> str:
    """Return the beginning of a line that is too long."""
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1].rstrip()}…"
