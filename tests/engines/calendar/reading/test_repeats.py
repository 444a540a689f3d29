"""Repeating events, told out one by one."""

import time
from datetime import UTC, date, datetime

import pytest

from programme.engines.calendar.reading.reader import read
from programme.engines.calendar.reading.rows import Reading, ReadingRefused, identities
from tests.engines.calendar.reading.files import calendar

SERIES = """\
UID:a@x
SUMMARY:Tides
LOCATION:Room 1
DTSTART;TZID=Europe/London:20270318T130000
DTEND;TZID=Europe/London:20270318T140000
"""


def test_a_series_keeps_its_wall_time_over_the_clock_change() -> None:
    reading = told(SERIES + "RRULE:FREQ=WEEKLY;COUNT=3")
    assert [row.starts for row in reading.rows] == [utc(2027, 3, 18, 13), utc(2027, 3, 25, 13), utc(2027, 4, 1, 12)]
    assert [row.uid for row in reading.rows] == [
        "a@x/20270318T130000Z",
        "a@x/20270325T130000Z",
        "a@x/20270401T120000Z",
    ]
    assert {row.line for row in reading.rows} == {4}
    assert reading.oddities == ()


def test_left_out_moved_and_extra_times_are_read() -> None:
    reading = told(
        SERIES + "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/London:20270401T130000\n"
        "RDATE;TZID=Europe/London:20270420T130000",
        "UID:a@x\nSUMMARY:Moved\nRECURRENCE-ID;TZID=Europe/London:20270325T130000\n"
        "DTSTART;TZID=Europe/London:20270326T150000\nDTEND;TZID=Europe/London:20270326T160000",
    )
    assert [(row.uid, row.title, row.starts) for row in reading.rows] == [
        ("a@x/20270318T130000Z", "Tides", utc(2027, 3, 18, 13)),
        ("a@x/20270325T130000Z", "Moved", utc(2027, 3, 26, 15)),
        ("a@x/20270408T120000Z", "Tides", utc(2027, 4, 8, 12)),
        ("a@x/20270420T120000Z", "Tides", utc(2027, 4, 20, 12)),
    ]


def test_a_moved_time_keeps_its_name() -> None:
    rule = SERIES + "RRULE:FREQ=WEEKLY;COUNT=2"
    moved = "UID:a@x\nRECURRENCE-ID:20270325T130000Z\nDTSTART:20270326T150000Z\nDTEND:20270326T160000Z"
    assert identities(told(rule).rows) == identities(told(rule, moved).rows)


def test_a_moved_time_without_its_series_is_one_event() -> None:
    reading = told("UID:a@x\nRECURRENCE-ID:20270325T130000Z\nDTSTART:20270326T150000Z\nDTEND:20270326T160000Z")
    assert [row.uid for row in reading.rows] == ["a@x/20270325T130000Z"]


def test_whole_days_and_times_without_a_zone_repeat_too() -> None:
    reading = told(
        "UID:a\nDTSTART;VALUE=DATE:20270318\nRRULE:FREQ=YEARLY;COUNT=2",
        "UID:b\nDTSTART:20270326T130000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20270329T000000Z",
    )
    assert [row.uid for row in reading.rows] == [
        *["a/20270318", "a/20280318"],
        *["b/20270326T130000Z", "b/20270327T130000Z", "b/20270328T120000Z"],
    ]
    assert [row.all_day for row in reading.rows] == [True, True, False, False, False]


def test_a_series_without_an_end_is_taken_for_two_years_and_told() -> None:
    reading = told(SERIES + "RRULE:FREQ=WEEKLY")
    assert len(reading.rows) == 105
    assert [oddity.default_taken for oddity in reading.oddities] == ["Its first two years are taken."]


def test_more_than_a_thousand_times_are_cut_and_told() -> None:
    days = ",".join(
        f"2027{month:02}{day:02}T{hour:02}0000" for month in (4, 5) for day in range(1, 21) for hour in range(8, 18)
    )
    reading = told(SERIES + f"RRULE:FREQ=DAILY;COUNT=700\nRDATE;TZID=Europe/London:{days}")
    assert len(reading.rows) == 1_000
    assert reading.oddities[0].default_taken == "The first 1,000 are taken."


@pytest.mark.parametrize(
    "rule",
    [
        *[
            "FREQ=SECONDLY",
            "FREQ=MINUTELY;COUNT=5",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYSECOND=1,2,3",
            "FREQ=WEEKLY;BYHOUR=1,2",
        ],
        *["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYYEARDAY=366"],
        *["FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=31", "FREQ=MONTHLY;BYSETPOS=300;BYDAY=MO", "FREQ=YEARLY;BYDAY=53MO"],
        *["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999999999", "FREQ=FOO", "FREQ=YEARLY;BYEASTER=1", "nonsense"],
        *["FREQ=MONTHLY;BYDAY=9MO", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=DAILY\nRRULE:FREQ=WEEKLY"],
    ],
)
def test_a_rule_that_is_not_usual_gives_its_first_time_only(rule: str) -> None:
    reading = told(SERIES + f"RRULE:{rule}")
    assert [row.starts for row in reading.rows] == [utc(2027, 3, 18, 13)]
    assert reading.oddities


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYDAY=3TH;COUNT=3", ["18 Mar", "15 Apr", "20 May"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["18 Mar", "31 Mar", "30 Apr"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", ["18 Mar", "31 Mar", "30 Apr"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=3;WKST=MO", ["18 Mar", "30 Mar", "1 Apr"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=1MO;COUNT=1", ["18 Mar", "3 May"]),
    ],
)
def test_the_rules_that_calendars_make_are_told_out(rule: str, days: list[str]) -> None:
    """A start that is not of its rule counts as a time all the same."""
    reading = told(SERIES + f"RRULE:{rule}")
    assert [f"{row.starts.day} {row.starts:%b}" for row in reading.rows] == days


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"]
)
def test_a_thousand_hostile_rules_are_read_to_the_end(rule: str) -> None:
    reading = told(*[SERIES.replace("a@x", f"{number}@x") + f"RRULE:{rule};INTERVAL=999" for number in range(1_000)])
    assert len(reading.rows) >= 1_000


def test_a_file_that_repeats_beyond_measure_is_refused() -> None:
    events = [SERIES.replace("a@x", f"{number}@x") + "RRULE:FREQ=DAILY" for number in range(60)]
    with pytest.raises(ReadingRefused, match="more than 20,000 events"):
        told(*events)


def told(*events: str) -> Reading:
    return read("x.ics", calendar(*events))


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def around(rule: str, start: str = "20190107", **read_with: date) -> Reading:
    """Read a series that began at one o'clock of a day."""
    event = f"UID:a@x\nSUMMARY:T\nLOCATION:R\nDTSTART;TZID=Europe/London:{start}T130000\nDURATION:PT1H\nRRULE:{rule}"
    return read("x.ics", calendar(event), around=read_with.get("day", date(2027, 1, 12)))


def test_an_old_weekly_talk_gives_the_dates_of_today() -> None:
    reading = around("FREQ=WEEKLY")
    assert (reading.rows[0].starts, len(reading.rows)) == (utc(2026, 12, 14, 13), 105)
    assert reading.rows[-1].starts > utc(2028, 12, 1)
    assert [(odd.reason, odd.default_taken) for odd in reading.oddities] == [
        ("It has repeated since 07/01/2019.", "Taken from 12/12/2026 on, for two years.")
    ]


def test_a_time_of_an_old_series_has_the_same_name_whenever_it_is_read() -> None:
    named = {row.starts: row.uid for row in around("FREQ=WEEKLY").rows}
    later = {row.starts: row.uid for row in around("FREQ=WEEKLY", day=date(2027, 11, 1)).rows}
    shared = named.keys() & later.keys()
    assert len(shared) > 50
    assert all(named[starts] == later[starts] for starts in shared)


def test_an_old_series_that_has_ended_gives_its_own_dates() -> None:
    assert around("FREQ=WEEKLY;COUNT=3").rows[0].starts == utc(2019, 1, 7, 13)


def test_a_thousand_series_since_1900_are_read_to_the_end_in_bounded_time() -> None:
    event = "UID:{}@x\nSUMMARY:T\nLOCATION:R\nDTSTART:19000101T130000Z\nRRULE:FREQ=DAILY;INTERVAL=400;UNTIL=23000101"
    started = time.monotonic()
    reading = read("x.ics", calendar(*map(event.format, range(3_000))), around=date(2027, 1, 12))
    assert len({row.uid.split("/")[0] for row in reading.rows if row.uid}) == 3_000
    assert any("too many events that repeat" in odd.reason for odd in reading.oddities)
    assert time.monotonic() - started < 60
