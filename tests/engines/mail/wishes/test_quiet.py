"""Quiet hours and the hour of the day's letter: over every change of the clocks from 2024 to 2030, and any choice."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.mail.wishes.quiet import digest_time, end_of_quiet, held_until, waits_for_digest

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wish:
    """A choice."""

    quiet_from: int | None = None
    quiet_until: int | None = None
    wants_digest: bool = True
    digest_at: int = 7 * 60


def last_sunday(year: int, month: int) -> date:
    """The day on which the clocks change, by the rule of the European calendar."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


CHANGES = [last_sunday(year, month) for year in range(2024, 2031) for month in (3, 10)]
TIMES = st.integers(0, 24 * 60 - 1)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
AROUND_A_CHANGE = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-2 * 24 * 60, 2 * 24 * 60),
)
ANY = st.one_of(INSTANTS, AROUND_A_CHANGE)


def wall(instant: datetime) -> tuple[int, int]:
    """Hour and minute on London's clocks."""
    shown = instant.astimezone(LONDON)
    return shown.hour, shown.minute


@pytest.mark.parametrize("day", CHANGES, ids=str)
def test_night_of_a_change_is_one_night_and_ends_at_its_time(day: date) -> None:
    wish = Wish(quiet_from=21 * 60, quiet_until=7 * 60)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)
    quiet = [at + step * MINUTE for step in range(24 * 60) if end_of_quiet(wish, at + step * MINUTE) is not None]
    assert len(quiet) == (9 if day.month == 3 else 11) * 60
    assert quiet == [quiet[0] + step * MINUTE for step in range(len(quiet))], "without a gap"
    assert wall(quiet[0]) == (21, 0)
    ends = {end_of_quiet(wish, one) for one in quiet}
    assert {wall(end) for end in ends if end} == {(7, 0)}
    assert len(ends) == 1


@pytest.mark.parametrize("day", CHANGES, ids=str)
@pytest.mark.parametrize("minutes", [0, 60, 75, 90, 119, 120, 7 * 60, 23 * 60 + 30])
def test_one_time_for_the_letter_of_each_day(day: date, minutes: int) -> None:
    wish, start = Wish(digest_at=minutes), datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    found = sorted({digest_time(wish, start + step * timedelta(minutes=5)) for step in range(6 * 24 * 12)})
    days = [instant.astimezone(LONDON).date() for instant in found]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    usual = divmod(minutes, 60)
    in_gap = day.month == 3 and 60 <= minutes < 120
    assert all(wall(one) == usual for one in found if not (in_gap and one.astimezone(LONDON).date() == day))


@given(ANY, TIMES, TIMES)
def test_quiet_ends_in_the_future_and_is_over_then(at: datetime, start: int, until: int) -> None:
    wish = Wish(quiet_from=start, quiet_until=until)
    end = end_of_quiet(wish, at)
    if end is not None:
        assert at < end <= at + timedelta(hours=49), "two nights that touch, at most"
        assert end_of_quiet(wish, end) is None
        assert end_of_quiet(wish, end - timedelta(microseconds=1)) == end


def test_nights_with_only_the_left_out_hour_between_them_are_one() -> None:
    wish = Wish(quiet_from=2 * 60, quiet_until=1 * 60)
    assert end_of_quiet(wish, datetime(2024, 3, 31, 0, 0, tzinfo=UTC)) == datetime(2024, 4, 1, 0, 0, tzinfo=UTC)
    assert end_of_quiet(wish, datetime(2024, 3, 30, 0, 0, tzinfo=UTC)) == datetime(2024, 3, 30, 1, 0, tzinfo=UTC)


@given(INSTANTS, TIMES, TIMES)
def test_away_from_a_change_quiet_is_what_the_clock_on_the_wall_says(at: datetime, start: int, until: int) -> None:
    shown = at.astimezone(LONDON)
    if any(abs((shown.date() - day).days) <= 1 for day in CHANGES):
        return
    minutes = shown.hour * 60 + shown.minute
    says = start <= minutes < until if start < until else (minutes >= start or minutes < until) and start != until
    assert (end_of_quiet(Wish(quiet_from=start, quiet_until=until), at) is not None) == says


@given(ANY, TIMES, TIMES, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_nothing_is_held_until_it_is_useless_and_nothing_urgent_at_all(
    at: datetime, start: int, until: int, useful: timedelta
) -> None:
    wish = Wish(quiet_from=start, quiet_until=until)
    held = held_until(wish, due=at, valid_until=at + useful, is_urgent=False)
    assert held is None or at < held < at + useful
    assert held_until(wish, due=at, valid_until=at + useful, is_urgent=True) is None


@given(ANY, TIMES, st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=3))))
def test_reminder_waits_for_the_next_letter_of_a_day_or_goes_by_itself(
    at: datetime, minutes: int, useful: timedelta | None
) -> None:
    wish, ends = Wish(digest_at=minutes), None if useful is None else at + useful
    until = waits_for_digest(wish, due=at, valid_until=ends)
    if until is None:
        assert ends is not None
        assert digest_time(wish, at) >= ends
    else:
        assert at <= until <= at + timedelta(hours=26)
        assert digest_time(wish, until) == until, "let out at its time it is not held again"
    assert waits_for_digest(Wish(wants_digest=False), due=at, valid_until=ends) is None


def test_without_quiet_hours_nothing_is_held() -> None:
    at = datetime(2027, 1, 12, 3, tzinfo=UTC)
    for wish in (Wish(), Wish(quiet_from=60), Wish(quiet_from=60, quiet_until=60)):
        assert held_until(wish, due=at, valid_until=None, is_urgent=False) is None
