"""Whatever calls itself a calendar is read or refused, never a crash: files of two libraries, and what chance makes."""

import importlib.resources
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.core.refusal import Refusal
from programme.engines.calendar.reading.reader import read
from programme.engines.calendar.reading.rows import Reading
from tests.engines.calendar.reading.files import calendar

TODAY = date(2027, 1, 12)
LIBRARIES = ("icalendar", "recurring_ical_events")
FEWEST = 100
"""As many calendars lie in the tests of the libraries at the least, as they are installed."""
LONGEST = 60.0
"""Seconds that one file may take on a busy machine."""


def any_reading(data: bytes) -> Reading | None:
    """Read a calendar; None where it is refused in a sentence."""
    try:
        found = read("x.ics", data, around=TODAY)
    except Refusal:
        return None
    assert all(row.starts < row.ends for row in found.rows)
    assert all(odd.line > 0 and odd.reason and odd.default_taken for odd in found.oddities)
    return found


def test_the_calendars_that_other_people_test_with_are_read_or_refused() -> None:
    files = [file for name in LIBRARIES for file in Path(str(importlib.resources.files(name))).rglob("*.ics")]
    assert len(files) >= FEWEST
    started = time.monotonic()
    read_whole = [file for file in files if any_reading(file.read_bytes())]
    assert len(read_whole) > len(files) // 2
    assert time.monotonic() - started < LONGEST


@pytest.mark.parametrize(
    ("event", "most"),
    [
        ("DTSTART:20270101T100000Z\nRRULE:FREQ=SECONDLY", 1),
        ("DTSTART:19000101T100000Z\nRRULE:FREQ=DAILY;UNTIL=23000101T000000Z", 800),
        ("DTSTART:16270101T100000Z\nRRULE:FREQ=YEARLY;COUNT=400", 0),
        ("DTSTART:20270101T100000Z\nRRULE:FREQ=YEARLY;COUNT=400", 3),
        ("DTSTART:20270101T100000Z\nRDATE:" + ",".join(["20270102T100000Z"] * 5_000), 1),
        ("DTSTART:20270101T100000Z\nRRULE:FREQ=DAILY\nEXDATE:" + ",".join(["20270102T100000Z"] * 5_000), 1),
        ("DTSTART:20270101T100000Z\nRRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3", 1),
        ("BEGIN:VALARM\n" * 5_000 + "DTSTART:20270101T100000Z", 1),
        ("DTSTART:20270101T100000Z\nSUMMARY:" + "x" * 2_000_000, 1),
        ("DTSTART:20270101T100000Z\nDURATION:P999999999W", 1),
        ("DTSTART:00000000T999999Z", 0),
    ],
)
def test_what_is_beyond_measure_is_read_in_bounded_time(event: str, most: int) -> None:
    started = time.monotonic()
    found = any_reading(calendar(f"UID:a@x\n{event}"))
    assert len(found.rows if found else ()) <= most
    assert time.monotonic() - started < LONGEST


def test_ten_thousand_events_are_read_in_bounded_time() -> None:
    started = time.monotonic()
    found = any_reading(calendar(*[f"UID:{number}@x\nDTSTART:20270301T100000Z" for number in range(10_000)]))
    assert found
    assert len(found.rows) == 10_000
    assert time.monotonic() - started < LONGEST


def test_what_a_library_cannot_read_is_told_with_its_line() -> None:
    found = any_reading(calendar("UID:a@x\nSUMMARY:T\nDTSTART:20270301T100000Z\nDTEND:soon\nLOCATION:R"))
    assert found
    assert next((odd.line, odd.field, odd.reason) for odd in found.oddities if odd.field == "ends") == (
        4,
        "ends",
        "The line DTEND cannot be read.",
    )


def test_a_zone_that_nobody_knows_is_named() -> None:
    timed = "DTSTART;TZID=Mars/Olympus:20270301T100000\nDURATION:PT1H"
    found = any_reading(calendar(f"UID:a@x\nSUMMARY:T\nLOCATION:R\n{timed}"))
    assert found
    assert [(odd.reason, odd.default_taken) for odd in found.oddities] == [
        ("The zone “Mars/Olympus” is not known.", "Read as London time.")
    ]


def test_a_zone_that_nobody_knows_is_named_of_a_series_too_and_once() -> None:
    timed = "DTSTART;TZID=Mars/Olympus:20270301T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    found = any_reading(calendar(f"UID:a@x\nSUMMARY:T\nLOCATION:R\n{timed}"))
    assert found
    assert [(odd.reason, odd.default_taken) for odd in found.oddities] == [
        ("The zone “Mars/Olympus” is not known.", "Read as London time.")
    ]
    assert len(found.rows) == 3


def test_what_is_read_or_says_nothing_is_not_called_left_out() -> None:
    known = "RRULE:FREQ=WEEKLY;COUNT=3\nDTSTAMP:20270102T100000Z\nSEQUENCE:1\nTRANSP:OPAQUE\nX-ROOM-KEY:7"
    found = any_reading(calendar(f"UID:a@x\nSUMMARY:T\nDTSTART:20270301T100000Z\n{known}"))
    assert found
    assert [one.heading for one in found.columns_seen if one.field is None] == ["X-ROOM-KEY"]


def test_a_version_is_read_where_its_source_counts() -> None:
    found = any_reading(calendar("UID:a@x\nDTSTART:20270301T100000Z\nSEQUENCE:7\nDTSTAMP:20270102T100000Z"))
    assert found
    assert (found.rows[0].sequence, str(found.rows[0].stamp)) == (7, "2027-01-02 10:00:00+00:00")
    odd = any_reading(calendar("UID:a@x\nDTSTART:20270301T100000Z\nSEQUENCE:-7\nDTSTAMP:20270102T100000"))
    assert odd
    assert (odd.rows[0].sequence, odd.rows[0].stamp) == (0, None)


NAMES = ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "DTSTAMP", "STATUS"]
NAMES += ["UID", "SUMMARY", "LOCATION", "DESCRIPTION", "CATEGORIES", "CONFERENCE", "CLASS", "BEGIN", "END", "TZID", "X"]
VALUES = ["20270301T100000Z", "20270301", "99991231T235959Z", "PT1H", "-P1D", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=XX"]
VALUES += ["FREQ=YEARLY;COUNT=-1", "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", "VEVENT", "VALARM", "", ";", ":", "a,b"]
VALUES += [
    "\\",
    "-1",
    "20270301T100000Z,20270301",
    "FREQ=DAILY;UNTIL=x",
    "FREQ=DAILY;INTERVAL=1,2",
    "PRIVATE",
    "CANCELLED",
]
PARAMETERS = ["", ";VALUE=DATE", ";TZID=Europe/London", ";TZID=", ";TZID=Nowhere", ";VALUE=PERIOD", ";X", ';TZID="']


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line as it might stand in a calendar, or not."""
    value = draw(st.sampled_from(VALUES) | st.text(max_size=20))
    return draw(st.sampled_from(NAMES)) + draw(st.sampled_from(PARAMETERS)) + ":" + value


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(lines(), max_size=8).map("\n".join), max_size=4))
def test_any_lines_of_a_calendar_are_read_or_refused(events: list[str]) -> None:
    text = calendar(*(f"UID:a@x\nDTSTART:20270301T100000Z\n{event}" for event in events))
    any_reading(text)


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_octets_after_the_first_line_are_read_or_refused(octets: bytes) -> None:
    any_reading(b"BEGIN:VCALENDAR\r\n" + octets)
    any_reading(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270301T100000Z\r\n" + octets)
    any_reading(octets)
