"""By which method a letter tells calendars of events: the rule, pure."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from programme.engines.calendar.ical.entry import EntryStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.calendar.ical.calendar import Method
    from programme.engines.calendar.ical.entry import CalendarEntry

GONE = frozenset({EntryStatus.CANCELLED, EntryStatus.POSTPONED})


def method_for(entries: Sequence[CalendarEntry], *, is_answered: bool, now: datetime) -> Method:
    """Return the method for a letter about `entries`, as its reader has them.

    Only where answers are read, and of one event alone: what is firm is an invitation, what is gone takes the entry
    out. Of several events at once, of what is only offered and of what lies behind calendars are told by a plain file.
    """
    if not is_answered or len(entries) != 1 or is_past(entries[0], now=now):
        return "PUBLISH"
    status = entries[0].status
    if status in GONE:
        return "CANCEL"
    return "REQUEST" if status is EntryStatus.CONFIRMED else "PUBLISH"


def is_past(entry: CalendarEntry, *, now: datetime) -> bool:
    """Whether it has ended; a whole day ends with it."""
    ends = entry.ends
    end = ends if isinstance(ends, datetime) else datetime.combine(ends, time.min, UTC)
    return end <= now


def is_gone(entry: CalendarEntry) -> bool:
    """Whether calendars are to take it out."""
    return entry.status in GONE
