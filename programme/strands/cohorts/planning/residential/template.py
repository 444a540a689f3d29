"""The days and times of a joint residential as they are proposed: the one place for another default. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MONDAY = 0
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPattern:
    """One day of the week: what is done, from when to when on London's clock, in person or online.

    `key` names it in forms; `weekday` is 0 for Monday; `stays_overnight` says that people sleep there.
    """

    key: str
    weekday: int
    title: str
    begins: time
    ends: time
    is_online: bool = False
    stays_overnight: bool = False
    hint: str = ""

    @property
    def day_name(self) -> str:
        """The name of its weekday."""
        return WEEKDAY_NAMES[self.weekday]


JOINT_RESIDENTIAL: tuple[DayPattern, ...] = (
    DayPattern(
        key="project",
        weekday=0,
        title="Project day",
        begins=time(11),
        ends=time(15, 30),
        hint="In person, late enough to come from the other city and early enough to go back.",
    ),
    DayPattern(key="online_first", weekday=1, title="Online day", begins=time(10), ends=time(12, 30), is_online=True),
    DayPattern(
        key="arrival",
        weekday=2,
        title="Residential, first day",
        begins=time(12),
        ends=time(17, 30),
        stays_overnight=True,
        hint="Arrive by noon. One night’s hotel follows.",
    ),
    DayPattern(key="departure", weekday=3, title="Residential, second day", begins=time(9), ends=time(13)),
    DayPattern(key="online_last", weekday=4, title="Online day", begins=time(10), ends=time(12, 30), is_online=True),
)
"""Monday project day, Tuesday and Friday online, Wednesday noon to Thursday 13:00 together, with one night."""


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day of the pattern in a given week, on London's clock."""

    pattern: DayPattern
    begins: datetime
    ends: datetime


def days_of(monday: date, pattern: Iterable[DayPattern] = JOINT_RESIDENTIAL) -> list[PlannedDay]:
    """Return the days of the week that begins with a Monday; ValueError for any other day."""
    if monday.weekday() != MONDAY:
        message = "a residential week begins on a Monday"
        raise ValueError(message)
    found = [(one, monday + timedelta(days=one.weekday)) for one in pattern]
    return [PlannedDay(one, datetime.combine(day, one.begins), datetime.combine(day, one.ends)) for one, day in found]


def at_times(pattern: DayPattern, begins: time, ends: time) -> DayPattern:
    """Return a day at other times; ValueError where it would end before it begins."""
    if ends <= begins:
        message = "a day ends after it begins"
        raise ValueError(message)
    return replace(pattern, begins=begins, ends=ends)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
