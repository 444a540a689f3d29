"""One entry as bytes: a VEVENT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.calendar.ical.entry import CalendarEntry, EntryStatus
from programme.engines.calendar.ical.writing import (
    colour_named,
    escaped,
    escaped_line,
    folded,
    position,
    times,
    utc,
    web_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_GONE = {EntryStatus.CANCELLED: "Cancelled: ", EntryStatus.POSTPONED: "Postponed: "}


def entry_block(entry: CalendarEntry) -> bytes:
    """Write one VEVENT, CRLF at each end of line; the same entry always gives the same bytes."""
    return b"".join(folded(line) for line in ("BEGIN:VEVENT", *_entry_lines(entry), "END:VEVENT"))


def _entry_lines(entry: CalendarEntry) -> Iterator[str]:
    changed = utc(entry.last_changed)
    yield f"UID:{escaped_line(entry.uid)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield from times(entry.starts, entry.ends)
    yield f"SUMMARY:{escaped_line(_GONE.get(entry.status, '') + entry.summary)}"
    yield from _details(entry)
    gone = entry.status in _GONE
    yield f"STATUS:{'CANCELLED' if gone else entry.status.upper()}"
    yield f"TRANSP:{'TRANSPARENT' if gone or entry.transparent else 'OPAQUE'}"


def _details(entry: CalendarEntry) -> Iterator[str]:
    if entry.description:
        yield f"DESCRIPTION:{escaped(entry.description)}"
    if entry.location:
        yield f"LOCATION:{escaped_line(entry.location)}"
    yield from position(entry.latitude, entry.longitude)
    yield from web_address("URL", entry.url)
    yield from web_address("CONFERENCE;VALUE=URI", entry.conference_url)
    if entry.categories:
        yield f"CATEGORIES:{','.join(map(escaped_line, entry.categories))}"
    yield from (f"RELATED-TO:{escaped_line(uid)}" for uid in entry.related_to)
    yield from colour_named(entry.colour)
    yield from web_address("IMAGE;VALUE=URI", entry.image_url)
