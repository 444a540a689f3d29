"""Until when an offer can be taken: counted hours, no nights, not too near; against a model that walks by minutes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.offers.deadline import answer_by, last_instant

WALL = ZoneInfo("Europe/London")
MINUTE, NINE = timedelta(minutes=1), 9 * 60
FAR = None
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda it: it.replace(tzinfo=UTC))  # noqa: DTZ001
mornings = st.integers(12, 24).map(lambda halves: halves * 30)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WALL).astimezone(UTC)


def is_night(instant: datetime, morning: int) -> bool:
    """What the wall clock shows at an instant is later than 21:00, or earlier than the morning."""
    wall = instant.astimezone(WALL)
    minutes = wall.hour * 60 + wall.minute + (0.5 if wall.second or wall.microsecond else 0)
    return minutes > 21 * 60 or minutes < morning


def walked(instant: datetime, morning: int, step: timedelta) -> datetime:
    """Walk on from an instant, minute by minute, until it is not night."""
    while is_night(instant, morning):
        instant += step
    return instant


@given(instants, st.integers(1, 336), mornings)
def test_without_an_end_it_is_the_first_minute_by_day_after_the_hours(now: datetime, hours: int, morning: int) -> None:
    whole = now.replace(second=0, microsecond=0)
    counted = (whole if whole == now else whole + MINUTE) + timedelta(hours=hours)
    assert answer_by(now, hours=hours, morning=morning, last=FAR) == walked(counted, morning, MINUTE)


@given(instants, st.integers(1, 336), mornings, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_near_the_end_it_is_shorter_never_at_night_and_never_too_short(
    now: datetime, hours: int, morning: int, distance: timedelta
) -> None:
    last = now + distance
    free = answer_by(now, hours=hours, morning=morning, last=FAR)
    found = answer_by(now, hours=hours, morning=morning, last=last)
    assert free is not None
    if free <= last - timedelta(hours=12):
        assert found == free
        return
    latest = last - timedelta(hours=12)
    if is_night(latest, morning):
        latest = walked(latest.replace(second=0, microsecond=0), morning, -MINUTE)
    assert found == (latest if latest - now >= timedelta(hours=2) else None)


@given(instants, st.integers(1, 336), mornings, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_nobody_has_less_time_than_the_shortest_or_ends_at_night(
    now: datetime, hours: int, morning: int, distance: timedelta
) -> None:
    found = answer_by(now, hours=hours, morning=morning, last=now + distance)
    if found is not None:
        assert not is_night(found, morning)
        assert found >= now + timedelta(hours=min(hours, 2))
        assert found <= now + distance - timedelta(hours=12)


@pytest.mark.parametrize(
    ("now", "hours", "expected"),
    [
        ("2026-11-03T10:00", 24, "2026-11-04T10:00"),
        ("2026-11-03T22:30", 24, "2026-11-05T09:00"),
        ("2026-11-03T02:00", 24, "2026-11-04T09:00"),
        ("2026-11-03T21:00", 24, "2026-11-04T21:00"),
        ("2026-11-03T21:01", 24, "2026-11-05T09:00"),
        ("2026-10-24T10:00", 24, "2026-10-25T09:00"),  # the clocks go back: a day of 25 hours
        ("2027-03-27T10:00", 24, "2027-03-28T11:00"),  # they go forward: a day of 23 hours
        ("2027-03-27T20:30", 24, "2027-03-29T09:00"),
    ],
)
def test_hours_are_counted_and_nights_are_not_ends(now: str, hours: int, expected: str) -> None:
    assert answer_by(london(now), hours=hours, morning=NINE, last=FAR) == london(expected)


@pytest.mark.parametrize(
    ("now", "begins", "expected"),
    [
        ("2026-11-03T10:00", "2026-11-20T14:00", "2026-11-05T10:00"),
        ("2026-11-03T10:00", "2026-11-05T14:00", "2026-11-04T21:00"),  # half a day before it is 02:00
        ("2026-11-03T10:00", "2026-11-04T10:00", "2026-11-03T21:00"),
        ("2026-11-03T20:00", "2026-11-04T10:00", None),
        ("2026-11-03T10:00", "2026-11-03T14:00", None),
    ],
)
def test_two_days_are_shorter_near_the_event_and_at_last_nothing(now: str, begins: str, expected: str | None) -> None:
    found = answer_by(london(now), hours=48, morning=NINE, last=london(begins))
    assert found == (london(expected) if expected else None)


def test_the_next_event_to_begin_counts_and_without_any_the_end_of_registration() -> None:
    now, later, last = (london(f"2026-11-0{day}T10:00") for day in (3, 4, 5))
    assert last_instant([last, later, now - MINUTE], closes_at=None, now=now) == later
    assert last_instant([now - MINUTE], closes_at=later, now=now) == later
    assert last_instant([], closes_at=now, now=now) is None
