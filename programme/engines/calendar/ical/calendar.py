"""Entries joined to one calendar, with its zone, and its tag."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

from programme.engines.calendar.ical.writing import colour_named, escaped, escaped_line, folded, web_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

# Part of the edition of kept entries: raise it when the same values give other bytes.
FORMAT = 2

_PRODID = "-//programme//Events of the partnership//EN"

# The rule of Europe/London since 1996 as every client understands it: by RRULE, without RDATE and COMMENT.
LONDON_ZONE = b"""\
BEGIN:VTIMEZONE\r
TZID:Europe/London\r
BEGIN:DAYLIGHT\r
DTSTART:19810329T010000\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
TZNAME:BST\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T020000\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
TZNAME:GMT\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""


def calendar_bytes(
    blocks: Iterable[bytes],
    *,
    name: str | None = None,
    description: str = "",
    source_url: str | None = None,
    method: Method | None = None,
    colour: str | None = None,
) -> bytes:
    """Join entries to one VCALENDAR.

    `name` is for feeds and brings the refresh hints with it; leave it out in downloads and mail, where Outlook would
    open a new calendar of that name. `source_url` is for public feeds only. Feeds have no `method`.
    """
    head = [*_head_lines(method), *_feed_lines(name, description, source_url, colour)]
    return b"".join([*map(folded, head), LONDON_ZONE, *blocks, b"END:VCALENDAR\r\n"])


def etag(content: bytes) -> str:
    """Return the strong ETag of a calendar, quotes included: it changes when and only when the bytes do."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _head_lines(method: Method | None) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{_PRODID}"
    yield "CALSCALE:GREGORIAN"
    if method is not None:
        yield f"METHOD:{method}"


def _feed_lines(name: str | None, description: str, source_url: str | None, colour: str | None) -> Iterator[str]:
    if name is None:
        return
    yield from (f"{key}:{escaped_line(name)}" for key in ("NAME", "X-WR-CALNAME"))
    if description:
        yield from (f"{key}:{escaped(description)}" for key in ("DESCRIPTION", "X-WR-CALDESC"))
    yield "X-WR-TIMEZONE:Europe/London"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield "X-PUBLISHED-TTL:PT1H"
    yield from web_address("SOURCE;VALUE=URI", source_url)
    yield from colour_named(colour)
