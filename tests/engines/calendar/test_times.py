"""London wall time and instants, on plain days and on the two nights a year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.times import (
    TimeDoesNotExist,
    TimeIsAmbiguous,
    days_before,
    is_ambiguous,
    london_day,
    nearest_instant,
    start_of_day,
    to_instant,
    to_wall,
)

# The last Sundays of March and October, by the calendar on the wall.
FORWARD = [date(2024, 3, 31), date(2025, 3, 30), date(2026, 3, 29), date(2027, 3, 28)]
FORWARD += [date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31)]
BACK = [date(2024, 10, 27), date(2025, 10, 26), date(2026, 10, 25), date(2027, 10, 31)]
BACK += [date(2028, 10, 29), date(2029, 10, 28), date(2030, 10, 27)]
ORACLE = ZoneInfo("Europe/London")
WALLS = st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2037, 12, 31))  # noqa: DTZ001  wall times
INSTANTS = WALLS.map(lambda wall: wall.replace(tzinfo=UTC))


def wall(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001  a wall time


def utc(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return wall(day, hour, minute).replace(tzinfo=UTC)


@pytest.mark.parametrize("day", FORWARD)
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_an_hour_of_march_does_not_exist(day: date, minute: int) -> None:
    with pytest.raises(TimeDoesNotExist) as refusal:
        to_instant(wall(day, 1, minute))
    assert refusal.value.before == utc(day, 0, minute)
    assert refusal.value.after == utc(day, 1, minute)
    assert nearest_instant(wall(day, 1, minute)) == utc(day, 1, minute)
    assert to_wall(refusal.value.after) == wall(day, 2, minute)


@pytest.mark.parametrize("day", FORWARD)
def test_the_hours_around_the_gap_are_plain(day: date) -> None:
    assert to_instant(wall(day, 0, 59)) == utc(day, 0, 59)
    assert to_instant(wall(day, 2, 0)) == utc(day, 1, 0)


@pytest.mark.parametrize("day", BACK)
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_an_hour_of_october_exists_twice_and_is_asked(day: date, minute: int) -> None:
    with pytest.raises(TimeIsAmbiguous) as refusal:
        to_instant(wall(day, 1, minute))
    assert refusal.value.first == utc(day, 0, minute)
    assert refusal.value.second == utc(day, 1, minute)
    assert to_instant(wall(day, 1, minute), fold=0) == refusal.value.first
    assert to_instant(wall(day, 1, minute), fold=1) == refusal.value.second
    assert nearest_instant(wall(day, 1, minute)) == refusal.value.first


@pytest.mark.parametrize("day", BACK)
def test_the_hours_around_the_overlap_are_plain(day: date) -> None:
    assert to_instant(wall(day, 0, 59)) == utc(day, 0, 59) - timedelta(hours=1)
    assert to_instant(wall(day, 2, 0)) == utc(day, 2, 0)
    assert not is_ambiguous(wall(day, 2, 0))


def test_the_sentences_tell_a_person_what_to_choose() -> None:
    with pytest.raises(TimeDoesNotExist) as gap:
        to_instant(wall(date(2027, 3, 28), 1, 30))
    assert gap.value.sentence == (
        "01:30 on 28 March 2027 does not exist: the clocks go forward in that hour. Choose 00:30 or 02:30."
    )
    with pytest.raises(TimeIsAmbiguous) as twice:
        to_instant(wall(date(2027, 10, 31), 1, 30))
    assert twice.value.sentence == (
        "01:30 on 31 October 2027 exists twice: the clocks go back in that hour. "
        "Say which: before the change (BST) or after it (GMT)."
    )


def test_a_fold_does_not_make_a_missing_time() -> None:
    with pytest.raises(TimeDoesNotExist):
        to_instant(wall(date(2027, 3, 28), 1, 30), fold=1)


def test_a_wall_time_with_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no zone"):
        to_instant(utc(date(2027, 1, 1)))


def test_only_fourteen_days_of_seven_years_are_odd() -> None:
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(7 * 365 + 2)]
    assert {day for day in days for hour in range(24) if is_odd(wall(day, hour, 30))} == {*FORWARD, *BACK}


@given(INSTANTS)
def test_every_instant_comes_back_from_its_wall_time(instant: datetime) -> None:
    shown = to_wall(instant)
    assert to_instant(shown, fold=shown.fold) == instant
    assert london_day(instant) == instant.astimezone(ORACLE).date()


@given(WALLS)
def test_a_plain_wall_time_is_what_the_clock_shows(shown: datetime) -> None:
    if not is_odd(shown):
        assert to_wall(to_instant(shown)) == shown


@given(INSTANTS, st.integers(-400, 400))
def test_days_before_keep_the_clock_on_the_wall(instant: datetime, days: int) -> None:
    earlier = days_before(instant, days)
    expected = to_wall(instant) - timedelta(days=days)
    if days == 0:
        assert earlier == instant
    elif not is_odd(expected):
        assert to_wall(earlier) == expected.replace(fold=0)


def test_days_before_go_over_the_clock_change() -> None:
    assert days_before(utc(date(2027, 3, 28), 17), 1) == utc(date(2027, 3, 27), 18)
    assert days_before(utc(date(2027, 11, 1), 18), 2) == utc(date(2027, 10, 30), 17)


def test_days_before_into_a_gap_go_forward_and_of_two_take_the_first() -> None:
    assert days_before(utc(date(2027, 3, 29), 0, 30), 1) == utc(date(2027, 3, 28), 1, 30)
    assert days_before(utc(date(2027, 11, 1), 1, 30), 1) == utc(date(2027, 10, 31), 0, 30)
    assert days_before(utc(date(2027, 10, 31), 1, 30), 0) == utc(date(2027, 10, 31), 1, 30)


@pytest.mark.parametrize("day", [*FORWARD, *BACK])
def test_a_london_day_of_change_has_23_or_25_hours(day: date) -> None:
    length = start_of_day(day + timedelta(days=1)) - start_of_day(day)
    assert length == timedelta(hours=23 if day in FORWARD else 25)


def is_odd(shown: datetime) -> bool:
    """By the zone database alone: the two readings of a wall time differ."""
    first, second = (shown.replace(tzinfo=ORACLE, fold=fold).utcoffset() for fold in (0, 1))
    return first != second
