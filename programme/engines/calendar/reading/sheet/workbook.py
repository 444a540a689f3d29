"""Workbooks (XLSX): the first sheet in sight that has headings, its rows numbered as in the sheet."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, cast

from programme.core.lazy import load
from programme.engines.calendar.reading.rows import ReadingRefused
from programme.engines.calendar.reading.table import Line, heading_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from programme.engines.calendar.reading.sheet.moments import Cell

_MOST_UNPACKED = 200_000_000
_MOST_CELLS = 5_000_000
_CHUNK = 1_000_000
_LONGEST_TAG = 2_000
_LETTERS = 26
# The library holds a sheet as a full rectangle, so one cell in the far corner would take all memory.
_CELL = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^<>]*?\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")


def workbook_lines(data: bytes) -> list[Line]:
    """Read the rows of a workbook. Raises ReadingRefused for what is none, or is too large when unpacked."""
    _check_size(data)
    calamine = load("python_calamine")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
        sheets = [_lines(book.get_sheet_by_name(name)) for name in names]
    except (calamine.CalamineError, ValueError, OSError) as error:
        sentence = "The workbook cannot be read: it is damaged, or locked with a password."
        raise ReadingRefused(sentence) from error
    return next((lines for lines in sheets if heading_index(lines) is not None), sheets[0] if sheets else [])


def _lines(sheet: object) -> list[Line]:
    rows = cast("list[list[Cell]]", sheet.to_python(skip_empty_area=False))  # type: ignore[attr-defined]
    return [Line(number, row) for number, row in enumerate(rows, start=1)]


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        sentence = "The workbook cannot be read: it is damaged, or locked with a password."
        raise ReadingRefused(sentence) from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
        sentence = "The workbook is too large when unpacked. Please save the sheet alone, as CSV."
        raise ReadingRefused(sentence)
    for part in archive.infolist():
        _check_extent(_chunks(archive, part))


def _check_extent(chunks: Iterator[bytes]) -> None:
    row, column, kept = 1, 1, b""
    for chunk in chunks:
        for letters, number in _CELL.findall(kept + chunk):
            row, column = max(row, int(number)), max(column, _column(letters))
        kept = chunk[chunk.rfind(b"<") :][-_LONGEST_TAG:]
        if row * column > _MOST_CELLS:
            raise ReadingRefused(f"The sheet has {row:,} rows and {column:,} columns. Delete those that are unused.")


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _column(letters: bytes) -> int:
    """Number a column: A is 1, AA is 27; rows have no letters."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
