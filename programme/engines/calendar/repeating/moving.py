"""Moving one of many dates: another time of London's day, another day of the same week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from programme.engines.calendar.times import nearest_instant, to_wall


@dataclass(frozen=True, slots=True)
class Shift:
    """What is to be another: the times of day, the day of the week (Monday is 0); None stays as it is."""

    begins: time | None = None
    ends: time | None = None
    weekday: int | None = None

    @property
    def is_none(self) -> bool:
        """Whether nothing is to be another."""
        return self == Shift()


def shifted(starts_at: datetime, ends_at: datetime, shift: Shift) -> tuple[datetime, datetime]:
    """Return both instants by London's wall clock after a shift; without a new end the length stays.

    An end that is not later than the start is given as it was asked for: to refuse it is the caller's.
    """
    if shift.is_none:
        return starts_at, ends_at
    first, last = to_wall(starts_at).replace(fold=0), to_wall(ends_at).replace(fold=0)
    length, days = last - first, timedelta(days=0 if shift.weekday is None else shift.weekday - first.weekday())
    begins = at_time(first + days, shift.begins)
    ends = begins + length if shift.ends is None else at_time(last + days, shift.ends)
    return nearest_instant(begins), nearest_instant(ends)


def at_time(moment: datetime, clock: time | None) -> datetime:
    """Put another time to a day."""
    return moment if clock is None else datetime.combine(moment.date(), clock)
