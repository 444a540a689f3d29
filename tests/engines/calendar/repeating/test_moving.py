"""Moving one of many dates by London's wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.repeating.moving import Shift, shifted

LONDON = ZoneInfo("Europe/London")
NOONS = st.dates(date(2026, 1, 1), date(2029, 1, 1)).map(lambda day: datetime.combine(day, time(12), tzinfo=LONDON))
CLOCKS = st.times(time(6), time(17)).map(lambda clock: clock.replace(second=0, microsecond=0))
WEEKDAYS = st.none() | st.integers(0, 6)


@given(NOONS, st.integers(15, 300), st.none() | CLOCKS, WEEKDAYS)
def test_a_shift_keeps_week_and_length_and_shows_what_was_asked_for(
    starts: datetime, minutes: int, begins: time | None, weekday: int | None
) -> None:
    ends = starts + timedelta(minutes=minutes)
    found = shifted(starts.astimezone(UTC), ends.astimezone(UTC), Shift(begins, weekday=weekday))
    first, last = (instant.astimezone(LONDON) for instant in found)
    assert last - first == timedelta(minutes=minutes)
    assert first.time() == (begins or time(12))
    assert first.weekday() == (starts.weekday() if weekday is None else weekday)
    assert first.date().isocalendar()[:2] == starts.date().isocalendar()[:2]


def test_a_new_end_is_a_time_of_the_last_day() -> None:
    starts, ends = datetime(2027, 3, 27, 14, tzinfo=UTC), datetime(2027, 3, 27, 15, tzinfo=UTC)
    assert shifted(starts, ends, Shift(ends=time(16, 30), weekday=6)) == (
        datetime(2027, 3, 28, 13, tzinfo=UTC),
        datetime(2027, 3, 28, 15, 30, tzinfo=UTC),
    )
    assert shifted(starts, ends, Shift()) == (starts, ends)
