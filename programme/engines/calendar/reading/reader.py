"""Reading a file of events, whatever it is: calendar, workbook or separated text, told by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.calendar.reading.decoding import decode
from programme.engines.calendar.reading.icalendar.icalendar_file import is_calendar, read_calendar
from programme.engines.calendar.reading.rows import ReadingRefused
from programme.engines.calendar.reading.sheet.separated import separated_lines
from programme.engines.calendar.reading.sheet.workbook import workbook_lines
from programme.engines.calendar.reading.table import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from programme.engines.calendar.reading.rows import Reading
    from programme.engines.calendar.reading.table import Line

MOST_BYTES = 20_000_000
_WORKBOOK = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_OTHERS = ((b"%PDF", "PDF"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"))


def read(filename: str, data: bytes, *, around: date | None = None) -> Reading:
    """Read the rows of a file. The name is used only in sentences, the content decides.

    Of series that began long before the day `around`, and go on, the dates from then on are read, not the first ones.

    Raises ReadingRefused, with a sentence for the person, for a file that is no table and no calendar.
    """
    _check(filename, data)
    if data.startswith(_WORKBOOK):
        return read_table(workbook_lines(data), encoding="xlsx", delimiter=None)
    decoded = decode(data)
    if is_calendar(decoded.text):
        return read_calendar(decoded.text, encoding=decoded.encoding, around=around)
    if filename.lower().endswith((".ics", ".ical")):
        sentence = f"“{filename}” is not a calendar file: it does not begin with BEGIN:VCALENDAR."
        raise ReadingRefused(sentence)
    lines, delimiter = separated_lines(decoded.text)
    return read_table(lines, encoding=decoded.encoding, delimiter=delimiter)


def read_lines(
    filename: str, data: bytes, *, known: Mapping[str, str], head: Callable[[Sequence[Line]], int | None]
) -> list[Line]:
    """Read the lines of a table of anything: `known` are its headings, `head` finds the line of them.

    Raises ReadingRefused, with a sentence for the person, for a file that is no table.
    """
    _check(filename, data)
    if data.startswith(_WORKBOOK):
        return workbook_lines(data, head)
    return separated_lines(decode(data).text, known)[0]


def _check(filename: str, data: bytes) -> None:
    if not data.strip():
        sentence = f"“{filename}” is empty."
    elif len(data) > MOST_BYTES:
        sentence = f"“{filename}” has {len(data) / 1e6:.1f} MB; {MOST_BYTES / 1e6:.0f} MB is the most."
    elif data.startswith(_OLD_WORKBOOK):
        sentence = f"“{filename}” is a workbook of an old kind, or locked. Please save it as XLSX or CSV."
    else:
        kind = next((kind for mark, kind in _OTHERS if data.startswith(mark)), None)
        sentence = f"“{filename}” is a {kind}, not a table or a calendar." if kind else ""
    if sentence:
        raise ReadingRefused(sentence)
