"""When a reminder is due: calendar days by London's clock, absolute hours, and never after it is of use."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.reminders.due import Offset, Span, due_at, is_due, is_for, reach, useful_until, wrong_offset

LONDON = ZoneInfo("Europe/London")
DAY_BEFORE, DAY_IN_HOURS = Offset(-1), Offset(-24, in_days=False)
BEGIN = datetime(2024, 1, 2, tzinfo=UTC)
instants = st.timedeltas(timedelta(), timedelta(days=7 * 365)).map(lambda passed: BEGIN + passed)
offsets = st.builds(Offset, st.integers(-60, -1), in_days=st.booleans())


def london(*when: int, fold: int = 0) -> datetime:
    """An instant by London's clock."""
    return datetime(*when, tzinfo=LONDON, fold=fold)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


def hour_long(start: datetime) -> Span:
    """An event of an hour."""
    return Span(start.astimezone(UTC), start.astimezone(UTC) + timedelta(hours=1))


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
    assert due_at(DAY_BEFORE, hour_long(start)) == by_days.astimezone(UTC)
    assert due_at(DAY_IN_HOURS, hour_long(start)) == by_hours.astimezone(UTC)


@given(start=instants, days=st.integers(1, 60))
def test_days_keep_the_time_on_the_clock_unless_there_is_none(start: datetime, days: int) -> None:
    due = due_at(Offset(-days), hour_long(start)).astimezone(LONDON)
    wall = start.astimezone(LONDON)
    assert due.date() == wall.date() - timedelta(days=days)
    in_the_gap = due.utcoffset() != (due - timedelta(hours=2)).astimezone(UTC).astimezone(LONDON).utcoffset()
    assert due.time() == wall.time() or in_the_gap


@given(start=instants, hours=st.integers(1, 2000))
def test_hours_are_absolute(start: datetime, hours: int) -> None:
    assert due_at(Offset(-hours, in_days=False), hour_long(start)) == start - timedelta(hours=hours)


@given(start=instants, offset=offsets, later=st.timedeltas(timedelta(), timedelta(60)))
def test_reminder_before_the_start_is_due_from_its_instant_until_the_start(
    start: datetime, offset: Offset, later: timedelta
) -> None:
    span = hour_long(start)
    now = due_at(offset, span) + later
    assert is_due(offset, span, now=now) == (now < span.start)
    assert not is_due(offset, span, now=due_at(offset, span) - timedelta(seconds=1))


@given(start=instants, offset=offsets)
def test_looking_as_far_as_the_reach_misses_nothing(start: datetime, offset: Offset) -> None:
    assert hour_long(start).start - due_at(offset, hour_long(start)) <= reach(offset)


def test_reminder_after_the_end_is_of_use_for_a_week() -> None:
    offset, span = Offset(2, in_days=False, from_end=True), hour_long(london(2027, 2, 16, 14))
    assert due_at(offset, span) == london(2027, 2, 16, 17).astimezone(UTC)
    assert useful_until(offset, span) == london(2027, 2, 23, 17).astimezone(UTC)


def test_rule_made_after_its_instant_stays_silent() -> None:
    span = hour_long(london(2027, 2, 16, 14))
    now = london(2027, 2, 16, 9)
    assert is_due(DAY_BEFORE, span, now=now, since=london(2027, 2, 15, 14))
    assert not is_due(DAY_BEFORE, span, now=now, since=london(2027, 2, 15, 15))


def test_who_was_confirmed_late_is_not_reminded() -> None:
    span = hour_long(london(2027, 2, 16, 14))
    due = due_at(DAY_BEFORE, span)
    assert is_for(due, offset=DAY_BEFORE, span=span)
    assert not is_for(due + timedelta(seconds=1), offset=DAY_BEFORE, span=span)
    assert not is_for(None, offset=DAY_BEFORE, span=span)


@pytest.mark.parametrize("offset", [Offset(0), Offset(1), Offset(-366), Offset(-8761, in_days=False)])
def test_offset_that_makes_no_sense_is_told(offset: Offset) -> None:
    assert "choose 1 to" in (wrong_offset(offset) or "")


@pytest.mark.parametrize("offset", [Offset(-1), Offset(-365), Offset(-1, in_days=False)])
def test_offset_before_the_start_is_fine(offset: Offset) -> None:
    assert wrong_offset(offset) is None
