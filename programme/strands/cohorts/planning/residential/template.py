"""Parts of a week of a joint residential, as a pattern proposes them, on the days of a week that is chosen. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MONDAY = 0
MINUTES_A_DAY = 24 * 60
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class PartKind(StrEnum):
    """How one takes part: at a place, online, or on the way from one site to another."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPart:
    """One part of a week: on which day, what, from when on London's clock, for how long, and where.

    `weekday` is 0 for Monday. `site` is where it is, or where a way leads that begins at `from_site`, if that is said.
    `stays_overnight` says that people sleep there; `is_proposed` that it is ticked when the form opens.
    """

    weekday: int
    title: str
    begins: time
    minutes: int
    kind: PartKind = PartKind.IN_PERSON
    site: str = ""
    from_site: str = ""
    venue_id: int | None = None
    stays_overnight: bool = False
    is_proposed: bool = True
    hint: str = ""

    @property
    def day_name(self) -> str:
        """The name of its weekday."""
        return WEEKDAY_NAMES[self.weekday]

    @property
    def ends(self) -> time:
        """When it ends on the clock."""
        return (datetime.combine(date.min, self.begins) + timedelta(minutes=self.minutes)).time()

    @property
    def is_online(self) -> bool:
        """Whether one takes part from wherever one is."""
        return self.kind is PartKind.ONLINE

    @property
    def is_travel(self) -> bool:
        """Whether it is a way from one site to another."""
        return self.kind is PartKind.TRAVEL


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A part of the pattern in a given week, on London's clock."""

    pattern: PatternPart
    begins: datetime
    ends: datetime


def days_of(monday: date, parts: Iterable[PatternPart]) -> list[PlannedDay]:
    """Return the parts in the week that begins with a Monday, in order; ValueError for any other day."""
    if monday.weekday() != MONDAY:
        message = "a residential week begins on a Monday"
        raise ValueError(message)
    begun = [(one, datetime.combine(monday + timedelta(days=one.weekday), one.begins)) for one in parts]
    return [PlannedDay(one, begins, begins + timedelta(minutes=one.minutes)) for one, begins in begun]


def at_times(part: PatternPart, begins: time, ends: time) -> PatternPart:
    """Return a part at other times; ValueError where it would end before it begins."""
    minutes = minutes_between(begins, ends)
    if minutes <= 0:
        message = "a day ends after it begins"
        raise ValueError(message)
    return replace(part, begins=begins, minutes=minutes)


def minutes_between(begins: time, ends: time) -> int:
    """Return how many minutes lie between two times of one day, below zero where they are turned round."""
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute


def in_order(parts: Iterable[PatternPart]) -> list[PatternPart]:
    """Return parts in the order of the week."""
    return sorted(parts, key=lambda one: (one.weekday, one.begins, one.minutes))


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
