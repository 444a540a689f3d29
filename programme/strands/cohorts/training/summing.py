"""What training sums to: against a target, over the parts of a framework, and what is missing. Pure.

A line counts in the year of its first day, once, and only when it was assented to. Numbers are exact (`Fraction`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from programme.strands.cohorts.states import TrainingItem, TrainingUnit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

MINUTES_AN_HOUR = 60
HOURS_A_CREDIT = 10
"""Notional hours of learning that make one credit in the United Kingdom."""
OCTOBER, JUNE = 10, 6
"""Academic years begin with the one month, the year of Liverpool's portfolio with the other."""


class Standing(StrEnum):
    """How far a line is: not handed in yet, waiting for assent, assented to, refused."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    AGREED = "agreed"
    REFUSED = "refused"


WAITS = frozenset({Standing.DRAFT, Standing.HANDED_IN})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a training record: what it is about, its first day, how long it took, where it stands."""

    about: tuple[str, int]
    day: date
    minutes: int
    standing: Standing
    codes: tuple[str, ...] = ()
    item: TrainingItem | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked a year; `hours_a_day` is what counts for a day."""

    amount: int
    unit: TrainingUnit = TrainingUnit.DAYS
    hours_a_day: int = 7


@dataclass(frozen=True, slots=True)
class Year:
    """A year of training: both days belong to it."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a day is of this year."""
        return self.first <= day <= self.last

    @property
    def name(self) -> str:
        """Return 2026/27."""
        return f"{self.first.year}/{self.last.year % 100:02}"


@dataclass(frozen=True, slots=True)
class Sums:
    """What a year comes to, in the units of its target: assented to, and what waits to be."""

    agreed: Fraction
    waiting: Fraction
    target: int

    @property
    def lacking(self) -> Fraction:
        """What is missing still; what waits does not count yet."""
        return max(Fraction(self.target) - self.agreed, Fraction(0))


def year_from(begins: int, *, month: int = OCTOBER) -> Year:
    """Return the year that begins with a month of a calendar year."""
    return Year(date(begins, month, 1), date(begins + 1, month, 1) - timedelta(days=1))


def year_of(day: date, *, month: int = OCTOBER) -> Year:
    """Return the year that a day is of."""
    return year_from(day.year if day.month >= month else day.year - 1, month=month)


def in_units(minutes: int, target: Target) -> Fraction:
    """Return a length in the units of a target."""
    hours = Fraction(minutes, MINUTES_AN_HOUR)
    if target.unit is TrainingUnit.DAYS:
        return hours / target.hours_a_day
    return hours / HOURS_A_CREDIT if target.unit is TrainingUnit.CREDITS else hours


def once(lines: Iterable[Line]) -> list[Line]:
    """Return lines with each thing once: what was said of it first stands."""
    found: dict[tuple[str, int], Line] = {}
    for line in lines:
        found.setdefault(line.about, line)
    return list(found.values())


def summed(lines: Iterable[Line], year: Year, target: Target) -> Sums:
    """Return what the lines of a year come to."""
    own = [line for line in once(lines) if year.holds(line.day)]
    agreed = sum(line.minutes for line in own if line.standing is Standing.AGREED)
    waiting = sum(line.minutes for line in own if line.standing in WAITS)
    return Sums(in_units(agreed, target), in_units(waiting, target), target.amount)


def covered(lines: Iterable[Line]) -> Mapping[str, Fraction]:
    """Return minutes by code: a line of several parts counts for each in equal shares, so that nothing counts twice."""
    found: dict[str, Fraction] = {}
    for line in once(lines):
        codes = sorted(set(line.codes))
        if line.standing is Standing.AGREED:
            for code in codes:
                found[code] = found.get(code, Fraction(0)) + Fraction(line.minutes, len(codes))
    return found


def missing(lines: Iterable[Line], wanted: Collection[TrainingItem] = tuple(TrainingItem)) -> list[TrainingItem]:
    """Return what everybody is trained in and has no line that was assented to, whichever year."""
    done = {line.item for line in once(lines) if line.standing is Standing.AGREED}
    return [item for item in wanted if item not in done]
