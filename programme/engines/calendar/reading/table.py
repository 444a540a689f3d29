"""Rows of a table, from text or a sheet, to events: the headings are found, each row is taken or refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from programme.engines.calendar.reading import words
from programme.engines.calendar.reading.decoding import clean
from programme.engines.calendar.reading.judging import (
    Gathered,
    Notes,
    RowRefused,
    judged_lengths,
    judged_title,
    judged_venue,
    shown,
)
from programme.engines.calendar.reading.rows import (
    ColumnSeen,
    Reading,
    ReadingRefused,
    ReadRow,
    RowAudience,
    RowBooking,
    RowStatus,
)
from programme.engines.calendar.reading.sheet import columns
from programme.engines.calendar.reading.sheet.span import WHEN, span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from programme.engines.calendar.reading.sheet.moments import Cell

MOST_ROWS = 50_000
# A title and a logo may stand above the headings.
HEAD = 20
_LONGEST_WHEN = 1_000
_TRUE = frozenset({"true", "yes", "y", "1", "x"})
_UNKNOWN = {
    "audience": "Taken as not stated.",
    "booking": "Taken as not stated.",
    "status": "Taken as a draft.",
}
_Meaning = TypeVar("_Meaning")


class Line(NamedTuple):
    """One row of a file: the line it begins on, from 1, and its cells."""

    number: int
    cells: Sequence[Cell]


def read_table(lines: Sequence[Line], *, encoding: str, delimiter: str | None) -> Reading:
    """Read the lines of a table. Raises ReadingRefused where there are no headings, or too many rows."""
    head = heading_index(lines)
    if head is None:
        raise ReadingRefused(_no_headings(lines))
    if len(lines) - head > MOST_ROWS + 1:
        raise ReadingRefused(f"The file has more than {MOST_ROWS:,} rows. Please split it.")
    seen = columns.columns([as_text(cell) for cell in lines[head].cells])
    found = Gathered()
    for line in lines[head + 1 :]:
        _take(line, seen, found)
    return found.reading(seen, encoding=encoding, delimiter=delimiter)


def heading_index(lines: Sequence[Line]) -> int | None:
    """Find the line of headings among the first; None if there is none."""
    for index, line in enumerate(lines[:HEAD]):
        if columns.is_heading_line(columns.columns([as_text(cell) for cell in line.cells])):
            return index
    return None


def as_text(cell: Cell) -> str:
    """Show a cell as text: whole numbers without a point, dates in British order."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def _no_headings(lines: Sequence[Line]) -> str:
    first = ", ".join(filter(None, map(as_text, lines[0].cells))) if lines else ""
    begins = f"Its first line reads “{shown(first)}”. " if first else ""
    return f"No headings were found: a title and a date are needed. {begins}We look for {columns.known_headings()}."


def _take(line: Line, seen: Sequence[ColumnSeen], found: Gathered) -> None:
    if not any(isinstance(cell, float | date | time | timedelta) or str(cell).strip() for cell in line.cells):
        return
    notes = Notes(line.number)
    try:
        row = _row(line, seen, notes)
    except RowRefused as refusal:
        found.refused.append(notes.refused(refusal, " ".join(filter(None, map(as_text, line.cells)))))
        return
    found.rows.append(row)
    found.oddities.extend(notes.oddities)


def _row(line: Line, seen: Sequence[ColumnSeen], notes: Notes) -> ReadRow:
    when, written, besides = _sorted_cells(line, seen)
    text, extra = judged_lengths(written, notes), judged_lengths(besides, notes)
    if not text.get("title"):
        raise RowRefused("title", "There is no title.")
    starts, ends, all_day = span(when, notes, is_whole_day=text.get("whole_day", "").casefold() in _TRUE)
    place = ", ".join(dict.fromkeys(filter(None, (text.get("room"), text.get("venue")))))
    venue, online_url = judged_venue(place, text.get("online_url", ""), notes)
    if text.get("online_url") and online_url is None:
        extra["online_url"] = text["online_url"]
    return ReadRow(
        line=line.number,
        uid=text.get("uid") or None,
        title=judged_title(text["title"], notes),
        series=text.get("series", ""),
        starts=starts,
        ends=ends,
        all_day=all_day,
        venue=venue,
        online_url=online_url,
        audience=_word("audience", text, extra, notes, words.audience_of) or RowAudience.UNSTATED,
        booking=_word("booking", text, extra, notes, words.booking_of) or RowBooking.UNSTATED,
        speakers=words.names(text.get("speakers", "")),
        status=_status(text, extra, notes),
        abstract=text.get("abstract", ""),
        price=text.get("price") or None,
        strand=text.get("strand") or None,
        extra=extra,
    )


def _status(text: Mapping[str, str], extra: dict[str, str], notes: Notes) -> RowStatus:
    """Read what the row says of its event: nothing is unstated, what nobody knows is a draft."""
    unknown = RowStatus.DRAFT if text.get("status") else RowStatus.UNSTATED
    return _word("status", text, extra, notes, words.status_of) or unknown


def _sorted_cells(line: Line, seen: Sequence[ColumnSeen]) -> tuple[dict[str, Cell], dict[str, str], dict[str, str]]:
    """Part the cells of a row: what says when, untouched; other fields and unknown columns as text, if not empty."""
    when: dict[str, Cell] = {}
    text: dict[str, str] = {}
    extra: dict[str, str] = {}
    for column, cell in _pairs(line, seen):
        if column.field in WHEN:
            when[column.field or ""] = cell[:_LONGEST_WHEN] if isinstance(cell, str) else cell
        elif plain := as_text(cell):
            (extra if column.field is None else text)[column.field or column.heading] = plain
    return when, text, extra


def _pairs(line: Line, seen: Sequence[ColumnSeen]) -> Iterator[tuple[ColumnSeen, Cell]]:
    for index, cell in enumerate(line.cells):
        column = seen[index] if index < len(seen) else ColumnSeen("", None)
        yield (column if column.heading else ColumnSeen(f"Column {index + 1}", None)), cell


def _word(
    name: str,
    text: Mapping[str, str],
    extra: dict[str, str],
    notes: Notes,
    read: Callable[[str], _Meaning | None],
) -> _Meaning | None:
    """Read a word of a closed list; one that is not known is noted and kept as it is."""
    written = text.get(name, "")
    meaning = read(written) if written else None
    if written and meaning is None:
        notes.say(name, f"“{shown(written)}” is not a known {name}.", _UNKNOWN[name])
        extra[name] = written
    return meaning
