"""One entry as bytes: a VEVENT."""

from __future__ import annotations

import re
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
from programme.engines.calendar.invitations.parties import party_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = b"END:VEVENT\r\n"
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_GONE = {EntryStatus.CANCELLED: "Cancelled: ", EntryStatus.POSTPONED: "Postponed: "}


def entry_block(entry: CalendarEntry) -> bytes:
    """Write one VEVENT, CRLF at each end of line; the same entry always gives the same bytes."""
    return b"".join(folded(line) for line in ("BEGIN:VEVENT", *_entry_lines(entry), "END:VEVENT"))


def with_alarm(block: bytes, *, minutes: int) -> bytes:
    """Return an entry that reminds its reader so many minutes before; what is called off reminds of nothing."""
    if b"\r\nSTATUS:CANCELLED\r\n" in block:
        return block
    lines = ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Reminder", f"TRIGGER:-PT{minutes}M", "END:VALARM")
    return block.removesuffix(_END) + b"".join(map(folded, lines)) + _END


def _entry_lines(entry: CalendarEntry) -> Iterator[str]:
    changed = utc(entry.last_changed)
    yield f"UID:{escaped_line(entry.uid)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield from times(entry.starts, entry.ends)
    prefix = "" if entry.invitation else _GONE.get(entry.status, "")
    yield f"SUMMARY:{escaped_line(prefix + entry.summary)}"
    yield from _details(entry)
    if entry.invitation:
        yield from party_lines(entry.invitation)
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
    yield from web_address(_image_key(entry.image_type), entry.image_url)


def _image_key(media_type: str) -> str:
    """Say that a picture goes with the title (RFC 7986, section 6.1), and of which kind it is where that is known."""
    kind = f";FMTTYPE={media_type}" if _MEDIA_TYPE.fullmatch(media_type) else ""
    return f"IMAGE;VALUE=URI;DISPLAY=BADGE{kind}"
