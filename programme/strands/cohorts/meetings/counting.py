"""Whether somebody met their supervisors as often as their university asks, in a year of its own. Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.core.web.words import join_words
from programme.strands.cohorts.meetings.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from programme.strands.cohorts.meetings.periods import Periods
    from programme.strands.cohorts.milestones.course import Course

FULL, PAIR = 100, 2


class SlotState(StrEnum):
    """How a slot stands. `waiting` was logged and waits for a supervisor's word; in `free` ones none is asked."""

    DONE = "done"
    WAITING = "waiting"
    MISSING = "missing"
    PAUSED = "paused"
    AHEAD = "ahead"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """One meeting in so many periods, over a year that begins with a month (1 to 12)."""

    every_full: int = 1
    every_part: int = 2
    year_month: int = 10


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting: when, and whether a supervisor who was there agrees to what is said of it."""

    day: date
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Studied:
    """What a course says about meetings: `course` and its `periods` are in the units of the rulebook.

    `begun` and `ended` are its first day and, where it is over, its last.
    """

    course: Course
    periods: Periods
    begun: date
    ended: date | None = None

    def is_paused(self, day: date) -> bool:
        """Whether it rests on a day."""
        return self.course.is_paused(self.periods.number_of(day))

    def every(self, rule: MeetingRule, day: date) -> int:
        """Return how many periods one meeting is for, by the rate of a day."""
        rate = self.course.rate(self.periods.number_of(day))
        return rule.every_full if rate >= FULL else rule.every_part


@dataclass(frozen=True, slots=True)
class Slot:
    """The periods in which one meeting is asked: how they are called, how it stands, the last day of them."""

    numbers: tuple[int, ...]
    name: str
    short: str
    state: SlotState
    last: date


@dataclass(frozen=True, slots=True)
class Year:
    """A year of meetings."""

    first: date
    slots: tuple[Slot, ...]

    def count(self, *states: SlotState) -> int:
        """Return how many slots stand so."""
        return sum(slot.state in states for slot in self.slots)

    @property
    def done(self) -> int:
        """How many meetings count."""
        return self.count(SlotState.DONE)

    @property
    def asked(self) -> int:
        """How many were asked until now: those that are over, and what was done before its time was over."""
        return self.count(SlotState.DONE, SlotState.MISSING, SlotState.WAITING)

    @property
    def words(self) -> str:
        """Say how it stands: "4 of 5 since June; none in October"."""
        month = calendar.month_name[self.first.month]
        missing = [slot.name for slot in self.slots if slot.state is SlotState.MISSING]
        waiting = [slot.name for slot in self.slots if slot.state is SlotState.WAITING]
        if not self.asked:
            return f"None asked yet since {month}"
        none = f"; none in {join_words(missing)}" if missing else ""
        logged = f"; not agreed yet in {join_words(waiting)}" if waiting else ""
        return f"{self.done} of {self.asked} since {month}{none}{logged}"


def year_around(day: date, month: int) -> tuple[date, date]:
    """Return first and last day of the year of a rulebook in which a day lies."""
    year = day.year if day.month >= month else day.year - 1
    return date(year, month, 1), date(year + 1, month, 1) - ONE_DAY


def year_of(rule: MeetingRule, periods: Periods, studied: Studied, meetings: Iterable[Met], *, today: date) -> Year:
    """Return the year of meetings in which `today` lies, slot by slot; `periods` are those in which it is counted."""
    first, last = year_around(today, rule.year_month)
    numbers = periods.within(first, last)
    met: dict[int, bool] = {}
    for one in meetings:
        number = placed(periods.number_of(one.day), numbers)
        if first <= one.day <= last and number is not None:
            met[number] = met.get(number, False) or one.is_agreed
    slots = [slot_of(each, kind, periods, met, today=today) for each, kind in grouped(rule, periods, studied, numbers)]
    return Year(first, tuple(sorted(slots, key=lambda slot: slot.numbers)))


def placed(number: int, numbers: Sequence[int]) -> int | None:
    """Return the period of a year that a day counts for: the nearest where the year cuts through one."""
    return min(max(number, numbers[0]), numbers[-1]) if numbers else None


def grouped(
    rule: MeetingRule, periods: Periods, studied: Studied, numbers: Iterable[int]
) -> Iterator[tuple[tuple[int, ...], SlotState | None]]:
    """Give the periods of each slot, and how it stands whatever happens in it; None where a meeting is asked.

    Periods that rest are left out of those that one meeting is for; what remains at the end is asked for nothing.
    """
    open_ones: list[int] = []
    for number in numbers:
        kind = unasked(periods, studied, number)
        if kind:
            yield (number,), kind
            continue
        open_ones.append(number)
        if len(open_ones) >= studied.every(rule, day_in(periods, studied, open_ones[0])):
            yield tuple(open_ones), None
            open_ones = []
    if open_ones:
        yield tuple(open_ones), SlotState.FREE


def unasked(periods: Periods, studied: Studied, number: int) -> SlotState | None:
    """Say why no meeting is asked in a period; None where one is, as most of it lies within the course."""
    middle = periods.middle(number)
    if middle < studied.begun or (studied.ended is not None and middle > studied.ended):
        return SlotState.FREE
    return SlotState.PAUSED if studied.is_paused(day_in(periods, studied, number)) else None


def day_in(periods: Periods, studied: Studied, number: int) -> date:
    """Return the first day of a course in a period."""
    return max(periods.begins(number), studied.begun)


def slot_of(
    numbers: tuple[int, ...], kind: SlotState | None, periods: Periods, met: dict[int, bool], *, today: date
) -> Slot:
    """Return a slot with how it stands."""
    names = [periods.units.name(number).rpartition(" ")[0] for number in numbers]
    name = join_words(names) if len(names) <= PAIR else f"{names[0]} to {names[-1]}"
    last = periods.ends(numbers[-1])
    return Slot(
        numbers, name, periods.units.short(numbers[0]), kind or state_of(numbers, met, is_over=today > last), last
    )


def state_of(numbers: Iterable[int], met: dict[int, bool], *, is_over: bool) -> SlotState:
    """Say how a slot stands in which a meeting is asked."""
    found = [met[number] for number in numbers if number in met]
    if any(found):
        return SlotState.DONE
    if found:
        return SlotState.WAITING
    return SlotState.MISSING if is_over else SlotState.AHEAD
