"""Calendar files with their quirks."""

from datetime import UTC, datetime

import pytest

from programme.engines.calendar.reading.reader import read
from programme.engines.calendar.reading.rows import Oddity, ReadRow, RowStatus, identities
from tests.engines.calendar.reading.files import QUIRKY, calendar

EVENT = "UID:a@x\nSUMMARY:Tides\nLOCATION:Room 1\n"
TIMED = EVENT + "DTSTART:20270128T130000Z\nDTEND:20270128T140000Z\n"


def test_a_feed_with_quirks_is_read_whole() -> None:
    reading = read("talks.ics", QUIRKY.encode())
    first, second = reading.rows
    assert (first.line, first.uid, first.title) == (4, "https://talks.example/talks/id/1/", "Tides of the Mersey")
    assert (first.starts, first.ends) == (utc(2015, 2, 12, 13), utc(2015, 2, 12, 14))
    assert first.abstract == "Chair: Prof Roe. About tides, sand and a long line that is folded."
    assert first.speakers == ("Dr Ada Byron", "Jane Roe, PhD")
    assert first.extra == {"url": "https://talks.example/talks/id/1/"}
    assert first.status is RowStatus.PUBLISHED
    assert (second.title, second.is_title_to_come) == ("To be announced", True)
    assert second.abstract == "CafÃ© – spoilt at its source"
    assert second.ends == utc(2015, 5, 14, 12)
    assert [(oddity.line, oddity.field, oddity.reason) for oddity in reading.oddities] == [
        (20, "ends", "It ends before it starts, at 14/05/2015 11:00."),
        (20, "venue", "There is no venue."),
        (20, "title", "There is no title."),
    ]


def test_times_without_a_zone_are_londons() -> None:
    (row,) = rows(EVENT + "DTSTART:20270628T130000\nDTEND:20270628T140000")
    assert row.starts == utc(2027, 6, 28, 12)


@pytest.mark.parametrize("zone", ["Europe/London", "GMT Standard Time"])
def test_zones_are_read_by_their_names_also_by_those_of_windows(zone: str) -> None:
    (row,) = rows(EVENT + f"DTSTART;TZID={zone}:20270628T130000\nDTEND;TZID=Europe/Paris:20270628T160000")
    assert (row.starts, row.ends) == (utc(2027, 6, 28, 12), utc(2027, 6, 28, 14))


def test_a_zone_that_nobody_knows_is_londons_and_told() -> None:
    reading = read("x.ics", calendar(EVENT + "DTSTART;TZID=Ankh/Morpork:20270628T130000\nDURATION:PT30M"))
    assert (reading.rows[0].starts, reading.rows[0].ends) == (utc(2027, 6, 28, 12), utc(2027, 6, 28, 12, 30))
    assert reading.oddities == (Oddity(4, "starts", "The zone “Ankh/Morpork” is not known.", "Read as London time."),)


def test_whole_days_end_before_their_end_date() -> None:
    two, one, same = rows(
        "UID:a\nDTSTART;VALUE=DATE:20270628\nDTEND;VALUE=DATE:20270630",
        "UID:b\nDTSTART;VALUE=DATE:20270628",
        "UID:c\nDTSTART;VALUE=DATE:20270628\nDTEND;VALUE=DATE:20270628",
    )
    assert (two.starts, two.ends, two.all_day) == (utc(2027, 6, 27, 23), utc(2027, 6, 29, 23), True)
    assert one.ends == same.ends == utc(2027, 6, 28, 23)


def test_a_time_that_does_not_exist_or_exists_twice_is_told() -> None:
    reading = read(
        "x.ics",
        calendar(
            EVENT + "DTSTART;TZID=Europe/London:20270328T013000\nDURATION:PT1H",
            "UID:b\nSUMMARY:Sand\nLOCATION:x\nDTSTART;TZID=Europe/London:20271031T013000\nDURATION:PT1H",
        ),
    )
    assert [row.starts for row in reading.rows] == [utc(2027, 3, 28, 1, 30), utc(2027, 10, 31, 0, 30)]
    assert [oddity.default_taken for oddity in reading.oddities] == [
        "Taken as 02:30.",
        "Taken as the first, before the change.",
    ]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        *[("STATUS:CANCELLED", RowStatus.CANCELLED), ("STATUS:TENTATIVE", RowStatus.DRAFT)],
        *[("STATUS:CONFIRMED", RowStatus.PUBLISHED), ("CLASS:PRIVATE", RowStatus.DRAFT), ("STATUS:X", RowStatus.DRAFT)],
    ],
)
def test_a_status_is_read_and_what_is_private_stays_a_draft(lines: str, status: RowStatus) -> None:
    assert rows(TIMED + lines)[0].status is status


def test_a_link_to_join_is_read() -> None:
    (row,) = rows(TIMED + "CONFERENCE;VALUE=URI:https://meet.example/7\nCATEGORIES:Lecture,Open")
    assert row.online_url == "https://meet.example/7"
    assert row.extra == {"categories": "Lecture, Open"}


def test_one_broken_event_costs_one_row() -> None:
    reading = read(
        "x.ics",
        calendar(TIMED, "UID:b\nSUMMARY:Sand\nDTSTART:soon", "UID:c\nSUMMARY:Salt", TIMED.replace("a@x", "d@x")),
    )
    assert [row.uid for row in reading.rows] == ["a@x", "d@x"]
    assert [(row.line, row.reason, row.text) for row in reading.refused_rows] == [
        (11, "The start “soon” cannot be read as a date.", "Sand"),
        (16, "There is no start.", "Salt"),
    ]


def test_lines_that_cannot_be_read_are_left_out_and_told() -> None:
    reading = read("x.ics", calendar(TIMED + "garbage\nGEO:nowhere\n;:;:\n"))
    assert len(reading.rows) == 1
    assert {oddity.default_taken for oddity in reading.oddities} == {"Left out."}


def test_an_event_that_is_cut_off_ends_where_the_next_begins() -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + TIMED + "BEGIN:VEVENT\n" + TIMED.replace("a@x", "b@x")
    assert [row.uid for row in read("x.ics", text.encode()).rows] == ["a@x", "b@x"]


def test_the_same_uid_twice_keeps_both_under_names_of_their_own() -> None:
    found = rows(TIMED, TIMED)
    assert len(set(identities(found))) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_every_encoding_is_read(encoding: str) -> None:
    data = calendar(TIMED.replace("Tides", "Café")).decode().encode(encoding)
    assert read("x.ics", data).rows[0].title == "Café"


def rows(*events: str) -> tuple[ReadRow, ...]:
    reading = read("x.ics", calendar(*events))
    assert reading.refused_rows == ()
    return reading.rows


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
