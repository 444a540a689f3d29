"""Workbooks (XLSX): the first sheet in sight that has headings, its rows numbered as in the sheet."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Protocol

from programme.core.lazy import load
from programme.engines.calendar.reading.rows import ReadingRefused
from programme.engines.calendar.reading.sheet.weighing import DAMAGED, check_parts
from programme.engines.calendar.reading.table import HEAD, Line, heading_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from programme.engines.calendar.reading.sheet.moments import Cell

_MOST_SHEETS = 100


class _Sheet(Protocol):
    def to_python(self, *, skip_empty_area: bool, nrows: int | None) -> list[list[Cell]]: ...


def workbook_lines(data: bytes, head: Callable[[Sequence[Line]], int | None] = heading_index) -> list[Line]:
    """Read the rows of a workbook. Raises ReadingRefused for what is none, or would take too much memory.

    `head` finds the line of headings among the first lines of a sheet, if it has one.
    """
    _check_size(data)
    calamine = load("python_calamine")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
        return _first_with_headings((book.get_sheet_by_name(name) for name in visible[:_MOST_SHEETS]), head)
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise ReadingRefused(DAMAGED) from error


def _first_with_headings(sheets: Iterable[_Sheet], head: Callable[[Sequence[Line]], int | None]) -> list[Line]:
    """Return the first sheet with headings, else the first; no other is kept."""
    first = None
    for sheet in sheets:
        if head(_lines(sheet, most=HEAD)) is not None:
            return _lines(sheet)
        first = first or sheet
    return _lines(first) if first else []


def _lines(sheet: _Sheet, *, most: int | None = None) -> list[Line]:
    rows = sheet.to_python(skip_empty_area=False, nrows=most)
    return [Line(number, row) for number, row in enumerate(rows, start=1)]


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_parts(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise ReadingRefused(DAMAGED) from error
