"""A slow model of repeating dates: it looks at every day of three years, and at the wall clock by the zone itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
A_DAY = timedelta(days=1)


def days_of(
    first: date, every: str, weekdays: frozenset[int], *, is_skipped: Callable[[date], bool], end: date
) -> Iterator[date]:
    """Walk day by day and ask of each whether the rule means it, and whether it is skipped."""
    for number in range((end - first).days + 1):
        day = first + timedelta(days=number)
        if is_meant(day, first, every, weekdays) and not is_skipped(day):
            yield day


def is_meant(day: date, first: date, every: str, weekdays: frozenset[int]) -> bool:
    """Whether a rule names a day."""
    if every == "day":
        return True
    if every in {"week", "fortnight"}:
        monday, first_monday = (it - timedelta(days=it.weekday()) for it in (day, first))
        in_step = every == "week" or (monday - first_monday).days % 14 == 0
        return in_step and day.weekday() in (weekdays or {first.weekday()})
    if day.weekday() != first.weekday():
        return False
    if every == "last":
        return (day + 7 * A_DAY).month != day.month
    return nth(day) == nth(first)


def nth(day: date) -> int:
    """Count how many such weekdays the month has had, this one included."""
    return sum(date(day.year, day.month, number).weekday() == day.weekday() for number in range(1, day.day + 1))


def shows(instant: datetime, day: date, clock: time) -> bool:
    """Whether London's clock shows a day and a time at an instant."""
    here = instant.astimezone(LONDON)
    return (here.date(), here.time()) == (day, clock)


def exists_once(day: date, clock: time) -> bool:
    """Whether London's clock shows this exactly once, found by asking at each quarter of an hour around it."""
    around = datetime.combine(day, time(), tzinfo=UTC) - 3 * timedelta(hours=1)
    shown = [around + timedelta(minutes=15 * step) for step in range(4 * 30)]
    return sum(shows(instant, day, clock) for instant in shown) == 1
