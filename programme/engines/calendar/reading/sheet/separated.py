"""Text files of separated values: comma, semicolon, tab or bar, found by their headings."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.rows import ReadingRefused
from programme.engines.calendar.reading.sheet import columns
from programme.engines.calendar.reading.table import MOST_ROWS, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DELIMITERS = ",;\t|"
_HEAD = 20
_SAMPLE = 200_000
_MOST_COLUMNS = 500
# As large as a file may be: one cell may hold all of it. A cell as long as this one, or longer, is looked at for a
# quotation mark that is never closed: the rows after it would be lost in it.
_LONGEST_CELL = 20_000_000
_SUSPICIOUS = 100_000
_END = 20


def separated_lines(text: str, known: Mapping[str, str] = columns.OF_EVENTS) -> tuple[list[Line], str]:
    """Take a text file apart; lines are numbered as in the file, a row by its first, also with quoted line ends.

    The delimiter is the one with which the headings name most of the fields `known`.
    Lines of nothing are passed over, and no more are read than may be taken. Gives the delimiter too.
    Raises ReadingRefused where a quotation mark is never closed.
    """
    skip, named = _named_delimiter(text)
    delimiter = named or max(_DELIMITERS, key=lambda candidate: _fields_found(text, candidate, known))
    lines = (line for line in _lines(text, delimiter) if line.number > skip)
    return list(islice(lines, _HEAD + MOST_ROWS + 1)), delimiter


def _named_delimiter(text: str) -> tuple[int, str | None]:
    """Read Excel's hint: a first line that says "sep=;"."""
    first = text.partition("\n")[0].strip().strip('"')
    if first.lower().startswith("sep=") and first[4:5] in {*_DELIMITERS}:
        return 1, first[4:5] or None
    return 0, None


def _fields_found(text: str, delimiter: str, known: Mapping[str, str]) -> tuple[int, int]:
    """Count the fields that the best of the first lines names with this delimiter, then its cells.

    One that cannot be read at all is still better than one that names nothing.
    """
    try:
        head = list(islice(_lines(text[:_SAMPLE], delimiter), _HEAD))
    except ReadingRefused:
        return 1, 0
    counts = [(_fields(line, known), len(line.cells)) for line in head]
    return max(counts, default=(0, 0))


def _fields(line: Line, known: Mapping[str, str]) -> int:
    seen = columns.columns([str(cell).strip() for cell in line.cells], known)
    return sum(column.field is not None for column in seen)


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    csv.field_size_limit(_LONGEST_CELL)
    plain = text.replace("\0", "")
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if cells:
                _check_width(cells, begins)
                _check_closed(cells, plain, begins)
                if any(cells):
                    yield Line(begins, cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ReadingRefused(_unreadable(begins)) from error


def _check_width(cells: list[str], line: int) -> None:
    if len(cells) > _MOST_COLUMNS:
        raise ReadingRefused(f"Line {line} has {len(cells):,} columns; {_MOST_COLUMNS} is the most.")


def _check_closed(cells: list[str], text: str, line: int) -> None:
    """Refuse a very long cell of several lines that ends as the file does, without a quotation mark after it."""
    last = cells[-1]
    if len(last) > _SUSPICIOUS and "\n" in last.replace("\r", "\n") and text.endswith(last[-_END:]):
        raise ReadingRefused(_unreadable(line))


def _unreadable(line: int) -> str:
    return f"The row that begins on line {line} cannot be read. Is a quotation mark left open?"
