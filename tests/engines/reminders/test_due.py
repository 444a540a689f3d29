"""When a reminder is due: calendar days by the clock on the wall, absolute hours, and never after it is of use."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.reminders.due import (
    Offset,
    due_at,
    is_for,
    latest,
    turn_at,
    turns,
    window,
    wrong_offset,
)

LONDON = ZoneInfo("Europe/London")
ZONES = [
    ZoneInfo(name)
    for name in (
        *("Europe/Berlin", "Europe/London", "America/New_York", "Australia/Lord_Howe"),
        *("Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"),
    )
]
DAY_BEFORE, DAY_IN_HOURS = Offset(-1), Offset(-24, in_days=False)
BEGIN = datetime(2024, 1, 2, tzinfo=UTC)
instants = st.timedeltas(timedelta(), timedelta(days=7 * 365)).map(lambda passed: BEGIN + passed)
TIMES = 1002
"""More than the times of what comes every day that these tests look at."""
amounts = st.integers(-60, 60)
offsets = st.builds(Offset, amounts, in_days=st.booleans())
repeating = st.builds(Offset, st.integers(0, 30), in_days=st.booleans(), repeat_days=st.integers(1, 31))


def london(*when: int, fold: int = 0) -> datetime:
    """An instant by London's clock."""
    return datetime(*when, tzinfo=LONDON, fold=fold)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


def oracle(anchor: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The first instant, searched minute by minute, that bears the wall time so many days on; over a gap, forward.

    It asks of the zone only what the clock shows at an instant.
    """
    wall = anchor.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    around = (wall - timedelta(hours=16)).replace(tzinfo=UTC)
    for step in range(32 * 4):
        instant = around + timedelta(minutes=15 * step)
        shown = instant.astimezone(zone).replace(tzinfo=None)
        if shown == wall:
            return instant
    before = max(
        instant
        for step in range(32 * 4)
        for instant in [around + timedelta(minutes=15 * step)]
        if instant.astimezone(zone).replace(tzinfo=None) < wall
    )
    return before + (wall - before.astimezone(zone).replace(tzinfo=None))


def nights_of_change(zone: ZoneInfo) -> list[date]:
    """Every day from 2024 to 2030 on which the zone's clocks change."""
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(7 * 366 - 5)]
    noon = [datetime(day.year, day.month, day.day, 12, tzinfo=zone) for day in days]
    return [later.date() for one, later in pairwise(noon) if one.utcoffset() != later.utcoffset()]


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_days_are_days_on_the_wall_around_every_change_of_the_clocks(zone: ZoneInfo) -> None:
    for night in nights_of_change(zone):
        for days in (-7, -2, -1, 1):
            for hour, minute in ((0, 30), (1, 30), (2, 0), (2, 15), (3, 0), (9, 0), (23, 45)):
                start = night - timedelta(days=days)
                anchor = datetime(start.year, start.month, start.day, hour, minute, tzinfo=zone).astimezone(UTC)
                assert due_at(Offset(days), anchor, zone=zone) == oracle(anchor, days, zone), (night, days, hour)
                assert due_at(Offset(days, in_days=False), anchor, zone=zone) == anchor + timedelta(hours=days)


def test_zones_change_as_often_as_they_do() -> None:
    changes = {str(zone): len(nights_of_change(zone)) for zone in ZONES}
    assert changes.pop("Africa/Casablanca") >= 14  # around each Ramadan, of which 2030 has two
    assert changes == {
        "Europe/Berlin": 14,
        "Europe/London": 14,
        "America/New_York": 14,
        "Australia/Lord_Howe": 14,
        "Asia/Kathmandu": 0,
        "Pacific/Apia": 0,
    }


@given(
    start=instants.map(lambda one: one.replace(second=0, microsecond=0, minute=one.minute // 15 * 15)),
    days=st.integers(-60, 60).filter(bool),
    zone=st.sampled_from(ZONES),
)
def test_days_agree_with_the_clock_anywhere(start: datetime, days: int, zone: ZoneInfo) -> None:
    assert due_at(Offset(days), start, zone=zone) == oracle(start, days, zone)


@pytest.mark.parametrize(
    ("start", "by_days", "by_hours"),
    [
        # clocks went forward in the night before: the day is 23 hours long
        (london(2027, 3, 28, 9), london(2027, 3, 27, 9), london(2027, 3, 27, 8)),
        # clocks went back in the night before: 25 hours
        (london(2027, 10, 31, 9), london(2027, 10, 30, 9), london(2027, 10, 30, 10)),
        # the day before, this time does not exist: forward
        (london(2027, 3, 29, 1, 30), london(2027, 3, 28, 2, 30), london(2027, 3, 28, 0, 30)),
        # the day before, this time comes twice: the first
        (london(2027, 11, 1, 1, 30), london(2027, 10, 31, 1, 30), london(2027, 10, 31, 1, 30, fold=1)),
        # an ordinary day
        (london(2027, 2, 16, 14), london(2027, 2, 15, 14), london(2027, 2, 15, 14)),
    ],
)
def test_a_day_before_is_by_the_clock_on_the_wall(start: datetime, by_days: datetime, by_hours: datetime) -> None:
    assert due_at(DAY_BEFORE, start) == by_days.astimezone(UTC)
    assert due_at(DAY_IN_HOURS, start) == by_hours.astimezone(UTC)


@given(start=instants, offset=offsets, later=st.timedeltas(timedelta(-5), timedelta(60)))
def test_reminder_is_due_from_its_instant_while_it_is_of_use(start: datetime, offset: Offset, later: timedelta) -> None:
    due = due_at(offset, start)
    now = due + later
    until = start if offset.amount < 0 else due + timedelta(days=7)
    turn = turn_at(offset, start, now=now)
    assert (turn is not None) == (due <= now < until)
    assert turn is None or (turn.due, turn.until, turn.number) == (due, until, 0)


@given(start=instants, offset=offsets | repeating, later=st.timedeltas(timedelta(-2), timedelta(900)))
def test_what_is_due_lies_within_the_window(start: datetime, offset: Offset, later: timedelta) -> None:
    now = due_at(offset, start) + later
    if turn_at(offset, start, now=now) is not None:
        begins, ends = window(offset, now=now)
        assert begins < start <= ends


@given(start=instants, offset=repeating, later=st.timedeltas(timedelta(-5), timedelta(1000)))
def test_what_repeats_is_one_letter_at_a_time(start: datetime, offset: Offset, later: timedelta) -> None:
    every = list(islice(turns(offset, start), TIMES))
    assert [turn.number for turn in every] == list(range(TIMES))
    walls = [turn.due.astimezone(LONDON).date() for turn in every]
    assert {(b - a).days for a, b in pairwise(walls)} == {offset.repeat_days}
    now = every[0].due + later
    now_due = [turn for turn in every if turn.due <= now < turn.until]
    assert turn_at(offset, start, now=now) == (now_due[0] if now_due else None)
    assert len(now_due) == (every[0].due <= now)


@given(start=instants, offset=repeating, years=st.integers(1, 40))
def test_what_repeats_has_no_end_of_its_own(start: datetime, offset: Offset, years: int) -> None:
    now = due_at(offset, start) + timedelta(days=366 * years)
    turn = turn_at(offset, start, now=now)
    assert turn is not None
    assert turn.due <= now < turn.until
    assert turn.until - turn.due <= timedelta(days=offset.repeat_days, hours=1)
    assert window(offset, now=now)[0] < start
    assert next(turns(offset, start, first=turn.number)) == turn


@given(start=instants, offset=offsets | repeating, later=st.timedeltas(timedelta(-5), timedelta(900)))
def test_the_latest_time_is_the_last_that_has_come(start: datetime, offset: Offset, later: timedelta) -> None:
    now = due_at(offset, start) + later
    come = [turn for turn in islice(turns(offset, start), TIMES) if turn.due <= now]
    assert latest(offset, start, now=now) == (come[-1] if come else None)


@given(
    start=instants,
    offset=offsets | repeating,
    later=st.timedeltas(timedelta(-2), timedelta(900)),
    outage=st.timedeltas(timedelta(0), timedelta(30)),
)
def test_what_nobody_saw_in_time_is_found_afterwards(
    start: datetime, offset: Offset, later: timedelta, outage: timedelta
) -> None:
    now = due_at(offset, start) + later
    seen = now - outage
    found = turn_at(offset, start, now=now, seen=seen)
    unseen = [turn for turn in islice(turns(offset, start), TIMES) if turn.due <= now and turn.until > seen]
    assert found == (unseen[-1] if unseen else None)
    assert turn_at(offset, start, now=now) in {None, found}, "what is of use still comes first"
    if found is not None:
        assert window(offset, now=seen)[0] < start <= window(offset, now=now)[1]


def test_rule_made_after_its_instant_stays_silent() -> None:
    start = london(2027, 2, 16, 14)
    now = london(2027, 2, 16, 9)
    assert turn_at(DAY_BEFORE, start, now=now, since=london(2027, 2, 15, 14)) is not None
    assert turn_at(DAY_BEFORE, start, now=now, since=london(2027, 2, 15, 15)) is None


def test_who_came_late_is_not_reminded() -> None:
    [turn] = turns(DAY_BEFORE, london(2027, 2, 16, 14))
    assert is_for(turn.due, turn=turn)
    assert not is_for(turn.due + timedelta(seconds=1), turn=turn)
    assert not is_for(None, turn=turn)


@pytest.mark.parametrize(
    "offset",
    [Offset(366), Offset(-366), Offset(-8761, in_days=False), Offset(-1, repeat_days=7), Offset(1, repeat_days=32)],
)
def test_offset_that_makes_no_sense_is_told(offset: Offset) -> None:
    assert wrong_offset(offset)


@pytest.mark.parametrize(
    "offset", [Offset(-1), Offset(-365), Offset(-1, in_days=False), Offset(0), Offset(2), Offset(0, repeat_days=7)]
)
def test_offset_that_makes_sense_is_fine(offset: Offset) -> None:
    assert wrong_offset(offset) is None
