"""Spreadsheets as departments keep them."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from programme.engines.calendar.reading.reader import read
from programme.engines.calendar.reading.rows import (
    Oddity,
    ReadRow,
    RowAudience,
    RowBooking,
    RowStatus,
    digest,
    identities,
)
from tests.engines.calendar.reading.files import HEADINGS, SHEET


def test_a_departments_sheet_is_read_whole() -> None:
    reading = read("talks.csv", b"\xef\xbb\xbf" + SHEET.replace("\n", "\r\n").encode())
    assert (len(reading.rows), reading.refused_rows) == (6, ())
    assert (reading.encoding, reading.delimiter) == ("utf-8-sig", ",")
    assert all(column.field for column in reading.columns_seen)
    first = reading.rows[0]
    assert (first.title, first.series, first.venue) == ("Tides of the Mersey", "Estuary Seminar", "Lecture Theatre 1")
    assert (first.starts, first.ends) == (utc(2027, 1, 28, 13), utc(2027, 1, 28, 14))
    assert (first.audience, first.booking, first.status) == (
        RowAudience.MEMBERS,
        RowBooking.NOT_REQUIRED,
        RowStatus.PUBLISHED,
    )
    assert first.speakers == ("Dr Ada Byron", "Prof. Grace Murray")
    assert first.abstract == "First line.\n\nThird line, with “quotes”."
    assert reading.rows[2].speakers == ("Jane Roe, PhD",)
    assert reading.rows[1].status is RowStatus.DRAFT


def test_each_oddity_is_told_with_its_line_and_what_was_done() -> None:
    oddities = read("talks.csv", SHEET.encode()).oddities
    assert [(oddity.line, oddity.field) for oddity in oddities] == [
        (5, "title"),
        (6, "venue"),
        (7, "ends"),
        (7, "venue"),
        (8, "ends"),
        (8, "venue"),
        (9, "ends"),
    ]
    assert oddities[2].reason == "It runs from 20/03/2027 13:00 to 11/04/2027 17:00, over 23 days."
    assert oddities[-1] == Oddity(9, "ends", "It ends when it starts.", "Taken as one hour, until 29/04/2027 13:00.")


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        *[("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ","), ("utf-16-be", ";")],
        *[("windows-1252", ","), ("utf-32", "|"), ("utf-8", "|")],
    ],
)
def test_every_encoding_and_delimiter_gives_the_same_rows(encoding: str, delimiter: str) -> None:
    saved = io.StringIO()
    csv.writer(saved, delimiter=delimiter).writerows(csv.reader(io.StringIO(SHEET)))
    reading = read("talks.csv", saved.getvalue().encode(encoding))
    assert reading.rows == read("talks.csv", SHEET.encode()).rows
    assert (reading.encoding, reading.delimiter) == (encoding, delimiter)
    assert reading.rows[2].title == "Café culture"


def test_the_same_file_twice_makes_nothing_new() -> None:
    first, second = (read("talks.csv", data) for data in (SHEET.encode(), SHEET.replace("\n", "\r\n").encode("utf-16")))
    assert identities(first.rows) == identities(second.rows)
    assert list(map(digest, first.rows)) == list(map(digest, second.rows))
    assert len(set(identities(first.rows))) == 6


def test_days_and_times_apart_are_put_together() -> None:
    text = """Programme for 2027;;;;;
Event name;Date;Start time;End time;Location;Room
Tides;Thursday 28 January 2027;1pm;2.30 p.m.;Sherrington Building;Room 4
Sand;28-Jan-27;13:00;;Sherrington Building;
Salt;2027-01-28;13.00;12.00;;Room 4
"""
    reading = read("plan.csv", text.encode())
    spans = [(row.starts, row.ends) for row in reading.rows]
    assert spans == [
        (utc(2027, 1, 28, 13), utc(2027, 1, 28, 14, 30)),
        (utc(2027, 1, 28, 13), utc(2027, 1, 28, 14)),
        (utc(2027, 1, 28, 13), utc(2027, 1, 28, 14)),
    ]
    assert [row.venue for row in reading.rows] == ["Room 4, Sherrington Building", "Sherrington Building", "Room 4"]
    assert [row.line for row in reading.rows] == [3, 4, 5]
    assert [oddity.reason for oddity in reading.oddities] == [
        "There is no end.",
        "It ends before it starts, at 28/01/2027 12:00.",
    ]


def test_outlooks_export_is_read() -> None:
    text = (
        '"Subject","Start Date","Start Time","End Date","End Time","All day event","Location"\n'
        '"Tides","28/1/2027","13:00:00","28/1/2027","14:00:00","False","Room 1"\n'
        '"Open day","29/1/2027","00:00:00","30/1/2027","00:00:00","True","Campus"\n'
    )
    timed, whole = read("outlook.csv", text.encode("windows-1252")).rows
    assert (timed.starts, timed.ends, timed.all_day) == (utc(2027, 1, 28, 13), utc(2027, 1, 28, 14), False)
    assert (whole.starts, whole.ends, whole.all_day) == (utc(2027, 1, 29), utc(2027, 1, 31), True)


def test_a_range_of_times_gives_start_and_end() -> None:
    rows = read("x.csv", b"Title,Date,Time\nA,28/01/2027,1-2pm\nB,28/01/2027,13:00 to 14:30\n").rows
    assert [(row.starts.hour, row.ends.hour, row.ends.minute) for row in rows] == [(13, 14, 0), (13, 14, 30)]


def test_a_row_without_a_time_is_a_whole_day() -> None:
    row, oddities = one("Tides,,28/06/2027,,Room 1,,,,,")
    assert (row.starts, row.ends, row.all_day) == (utc(2027, 6, 27, 23), utc(2027, 6, 28, 23), True)
    assert [oddity.default_taken for oddity in oddities] == ["Taken as a whole day."]


def test_a_time_that_does_not_exist_moves_forward_and_is_told() -> None:
    row, oddities = one("Tides,,28/03/2027 01:30,28/03/2027 03:30,Room 1,,,,,")
    assert row.starts == utc(2027, 3, 28, 1, 30)
    assert oddities[0].reason.startswith("01:30 on 28 March 2027 does not exist")
    assert oddities[0].default_taken == "Taken as 02:30."


def test_a_time_that_exists_twice_is_the_first_and_is_told() -> None:
    row, oddities = one("Tides,,31/10/2027 01:30,31/10/2027 03:00,Room 1,,,,,")
    assert row.starts == utc(2027, 10, 31, 0, 30)
    assert oddities[0].default_taken == "Taken as the first, before the change."
    told, none = one("Tides,,31/10/2027 01:30 GMT,31/10/2027 03:00,Room 1,,,,,")
    assert (told.starts, none) == (utc(2027, 10, 31, 1, 30), ())


def test_american_dates_are_taken_where_no_other_reading_is_left() -> None:
    row, oddities = one("Tides,,01/28/2027 13:00,01/28/2027 14:00,Room 1,,,,,")
    assert row.starts == utc(2027, 1, 28, 13)
    assert oddities[0].default_taken == "Taken as 28/01/2027."
    assert one("Tides,,03/04/2027 13:00,,Room 1,,,,,")[0].starts == utc(2027, 4, 3, 12)


def test_words_that_are_not_known_are_kept_and_told() -> None:
    row, oddities = one("Tides,,28/01/2027 13:00,28/01/2027 14:00,Room 1,Penguins,Perhaps,,mystery,")
    assert (row.audience, row.booking, row.status) == (RowAudience.UNSTATED, RowBooking.UNSTATED, RowStatus.DRAFT)
    assert row.extra == {"audience": "Penguins", "booking": "Perhaps", "status": "mystery"}
    assert [oddity.field for oddity in oddities] == ["audience", "booking", "status"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Open to all members of the University", RowAudience.MEMBERS),
        ("Staff and students", RowAudience.MEMBERS),
        ("Open to all", RowAudience.PUBLIC),
        ("General public and staff", RowAudience.PUBLIC),
    ],
)
def test_who_can_attend_is_read_from_what_people_write(written: str, meant: RowAudience) -> None:
    assert one(f"Tides,,28/01/2027 13:00,,Room 1,{written},,,,")[0].audience is meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[("Yes", RowBooking.REQUIRED), ("Booking is essential", RowBooking.REQUIRED), ("no", RowBooking.NOT_REQUIRED)],
        *[("Not needed", RowBooking.NOT_REQUIRED), ("Drop-in", RowBooking.NOT_REQUIRED)],
        *[("Recommended", RowBooking.RECOMMENDED), ("", RowBooking.UNSTATED)],
    ],
)
def test_booking_is_read_from_what_people_write(written: str, meant: RowBooking) -> None:
    assert one(f"Tides,,28/01/2027 13:00,,Room 1,,{written},,,")[0].booking is meant


def test_a_link_in_the_place_of_the_venue_is_a_link() -> None:
    row, oddities = one("Tides,,28/01/2027 13:00,28/01/2027 14:00,https://meet.example/7,,,,,")
    assert (row.venue, row.online_url, oddities) == ("", "https://meet.example/7", ())
    reading = read("x.csv", b"Title,Start,Online link\nA,28/01/2027 13:00,ask Olga\n")
    assert reading.rows[0].online_url is None
    assert reading.rows[0].extra == {"online_url": "ask Olga"}


def test_columns_that_are_not_known_are_kept_under_their_heading() -> None:
    reading = read("x.csv", b"Title,Start,Catering,Price\nA,28/01/2027 13:00,Tea,\xc2\xa35,spare\n")
    row = reading.rows[0]
    assert (row.extra, row.price) == ({"Catering": "Tea", "Column 5": "spare"}, "£5")
    assert [column.field for column in reading.columns_seen] == ["title", "starts", None, "price"]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (",,28/01/2027 13:00,,,,,,,", "title", "There is no title."),
        ("Tides,,,,,,,,,", "starts", "There is no start."),
        ("Tides,,soon,,,,,,,", "starts", "The start “soon” cannot be read as a date."),
        ("Tides,,31/02/2027 13:00,,,,,,,", "starts", "The start “31/02/2027 13:00” cannot be read as a date."),
        ("Tides,,28/01/20227,,,,,,,", "starts", "The start “28/01/20227” cannot be read as a date."),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_with_its_line(row: str, field: str, reason: str) -> None:
    reading = read("x.csv", f"{HEADINGS}\nA,,28/01/2027 13:00,,,,,,,\n\n{row}\n".encode())
    (refused,) = reading.refused_rows
    assert (refused.line, refused.field, refused.reason) == (4, field, reason)
    assert len(reading.rows) == 1


def test_rows_of_nothing_are_passed_over() -> None:
    reading = read("x.csv", b"Title,Start\n,\n\n   ,\nA,28/01/2027 13:00\n\n")
    assert ([row.line for row in reading.rows], reading.refused_rows) == ([5], ())


def test_the_control_characters_of_a_cell_are_dropped() -> None:
    row = read("x.csv", "Title,Start\nTi\x00d\x07es\u0085x,28/01/2027 13:00\n".encode()).rows[0]
    assert row.title == "Tides\nx"


def test_excels_hint_names_the_delimiter() -> None:
    reading = read("x.csv", b"sep=;\nTitle;Start\nA, B;28/01/2027 13:00\n")
    assert (reading.delimiter, reading.rows[0].title, reading.rows[0].line) == (";", "A, B", 3)


def test_a_digest_tells_a_changed_row() -> None:
    row = read("x.csv", SHEET.encode()).rows[0]
    assert digest(replace(row, abstract="other")) != digest(row)
    assert digest(replace(row, line=99, extra={"Catering": "Tea"})) == digest(row)


def one(row: str) -> tuple[ReadRow, tuple[Oddity, ...]]:
    reading = read("x.csv", f"{HEADINGS}\n{row}\n".encode())
    assert reading.refused_rows == ()
    return reading.rows[0], reading.oddities


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
