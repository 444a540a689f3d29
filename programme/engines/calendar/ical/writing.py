"""What lines are written of: text escaped, times, places, addresses, each folded at 75 octets."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from programme.engines.calendar.times import LONDON

if TYPE_CHECKING:
    from collections.abc import Iterator

_OCTETS = 75
_HALF_CIRCLE, _QUARTER_CIRCLE = 180, 90
_CONTINUED, _FIRST_TWO_BITS = 0b1000_0000, 0b1100_0000
_URI_SAFE = ";/?:@&=+$,#%[]!*'()~"
_COLOUR_NAME = re.compile(r"[a-zA-Z]{3,30}")
_BREAK = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\t": " "})


def times(starts: datetime | date, ends: datetime | date) -> tuple[str, str]:
    """Write start and end alike: as dates, as London time, or in UTC where London time would be read wrong.

    The second 01:30 of an October night cannot be said with a TZID: clients take the first, an hour earlier.
    """
    if not (isinstance(starts, datetime) and isinstance(ends, datetime)):
        return f"DTSTART;VALUE=DATE:{_date(starts)}", f"DTEND;VALUE=DATE:{_date(ends)}"
    walls = starts.astimezone(LONDON), ends.astimezone(LONDON)
    if any(wall.fold for wall in walls):
        return f"DTSTART:{utc(starts)}", f"DTEND:{utc(ends)}"
    first, last = map(_clock, walls)
    return f"DTSTART;TZID=Europe/London:{first}", f"DTEND;TZID=Europe/London:{last}"


def utc(instant: datetime) -> str:
    return f"{_clock(instant.astimezone(UTC))}Z"


def _date(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _clock(wall: datetime) -> str:
    return f"{_date(wall)}T{wall.hour:02}{wall.minute:02}{wall.second:02}"


def position(latitude: float | None, longitude: float | None) -> Iterator[str]:
    if latitude is None or longitude is None:
        return
    if abs(latitude) <= _QUARTER_CIRCLE and abs(longitude) <= _HALF_CIRCLE:
        yield f"GEO:{latitude:.6f};{longitude:.6f}"


def colour_named(name: str | None) -> Iterator[str]:
    if name and _COLOUR_NAME.fullmatch(name):
        yield f"COLOR:{name.lower()}"


def web_address(key: str, url: str | None) -> Iterator[str]:
    """Write an absolute web address, percent-encoded and not escaped; nothing for any other."""
    if url and _is_web_address(url):
        yield f"{key}:{quote(url.strip(), safe=_URI_SAFE, errors='ignore')}"


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.netloc)


def escaped_line(text: str) -> str:
    """Escape text that belongs on one line: a title, a place."""
    return escaped(_SPACES.sub(" ", _CONTROL.sub("", text)).strip())


def escaped(text: str) -> str:
    """Escape text as RFC 5545 section 3.3.11 says, without the characters that no client may see."""
    return _CONTROL.sub("", _BREAK.sub("\n", text)).translate(_ESCAPES)


def folded(line: str) -> bytes:
    """End a line, breaking it into at most 75 octets each without splitting a character."""
    octets = line.encode()
    if len(octets) <= _OCTETS:
        return octets + b"\r\n"
    return b"\r\n ".join(_pieces(octets)) + b"\r\n"


def _pieces(octets: bytes) -> Iterator[bytes]:
    begin, room = 0, _OCTETS
    while len(octets) - begin > room:
        end = begin + room
        while octets[end] & _FIRST_TWO_BITS == _CONTINUED:
            end -= 1
        yield octets[begin:end]
        begin, room = end, _OCTETS - 1
    yield octets[begin:]
