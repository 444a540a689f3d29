"""Workbooks, written by another library than the one that reads them."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

import openpyxl
import pytest

from programme.engines.calendar.reading.reader import read
from programme.engines.calendar.reading.rows import ReadingRefused
from programme.engines.calendar.reading.sheet.workbook import workbook_lines


def test_a_workbook_with_a_heading_above_and_cells_of_dates_is_read() -> None:
    reading = read(
        "plan.xlsx",
        workbook(
            [
                ["Programme 2027"],
                [],
                ["Title", "Date", "Start time", "End time", "Room", "Speakers", "Who can attend", "Budget"],
                ["Tides", date(2027, 1, 28), time(13), time(14, 30), 4, "Dr Ada Byron; Jane Roe", "Public", 120.5],
                ["Sand", datetime(2027, 6, 28, 15, 30), None, None, "Room 1", None, None, None],  # noqa: DTZ001
                [None, None, None],
                ["Salt", "soon"],
            ]
        ),
    )
    tides, sand = reading.rows
    assert (tides.line, tides.starts, tides.ends) == (4, utc(2027, 1, 28, 13), utc(2027, 1, 28, 14, 30))
    assert (tides.venue, tides.speakers, tides.extra) == ("4", ("Dr Ada Byron", "Jane Roe"), {"Budget": "120.5"})
    assert (sand.starts, sand.ends, sand.all_day) == (utc(2027, 6, 28, 14, 30), utc(2027, 6, 28, 15, 30), False)
    assert [(row.line, row.reason) for row in reading.refused_rows] == [
        (7, "The start “soon” cannot be read as a date.")
    ]
    assert (reading.encoding, reading.delimiter) == ("xlsx", None)


def test_the_first_sheet_with_headings_in_sight_is_read() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Notes"])
    hidden, shown = book.create_sheet("hidden"), book.create_sheet("shown")
    hidden.sheet_state = "hidden"
    for sheet, title in ((hidden, "Old"), (shown, "New")):
        sheet.append(["Title", "Start"])
        sheet.append([title, datetime(2027, 1, 28, 13)])  # noqa: DTZ001  a sheet knows no zone
    assert [row.title for row in read("x.xlsx", saved(book)).rows] == ["New"]


def test_a_sheet_that_reaches_into_the_far_corner_is_refused_at_once() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Title", "Start"])
    book.worksheets[0]["XFD1048576"] = "x"
    with pytest.raises(ReadingRefused, match="1,048,576 rows and 16,384 columns"):
        workbook_lines(saved(book))


def test_a_workbook_that_unpacks_to_far_more_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 201_000_000)
    with pytest.raises(ReadingRefused, match="too large when unpacked"):
        workbook_lines(packed.getvalue())


@pytest.mark.parametrize("rest", [b"", b"x" * 500, b"\x00" * 30])
def test_a_damaged_workbook_is_refused(rest: bytes) -> None:
    whole = workbook([["Title", "Start"]])
    for data in (b"PK\x03\x04" + rest, whole[: len(whole) // 2] + rest, whole[:-30] + rest):
        with pytest.raises(ReadingRefused):
            read("x.xlsx", data)


def test_a_file_that_is_only_packed_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("notes.txt", "hello")
    with pytest.raises(ReadingRefused, match="cannot be read"):
        read("x.xlsx", packed.getvalue())


def workbook(rows: Iterable[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
