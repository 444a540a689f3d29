"""The units that a university counts a course in: its terms, or the months of the year."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.calendar.term_weeks.weeks import DateStatus, academic_year

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.calendar.term_weeks.weeks import Term

MONTHS_A_YEAR, YEAR_BEGINS = 12, 9
_FRIDAY = 4


class Counting(StrEnum):
    """What a rulebook counts a course in."""

    TERMS = "terms"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Named:
    """A term of every academic year: its name and code ("Michaelmas", "MT"), and in which calendar year it lies.

    `years_later` is 0 for a term that begins in the calendar year in which the academic year does, 1 for the others.
    """

    name: str
    code: str
    years_later: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one unit, both included; `first` takes in the noughth week. `friday` is the Friday of that week."""

    first: date
    last: date
    status: DateStatus = DateStatus.CONFIRMED
    friday: date | None = None


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a rulebook, one number each, and the days of those whose dates are known.

    A term has the number `academic year * terms a year + its place in the year`, a month `year * 12 + month - 1`.
    Numbers follow each other without a gap, so that counting is adding; dates of months are always known.
    """

    counting: Counting
    named: tuple[Named, ...] = ()
    known: dict[int, Span] = field(default_factory=dict)

    @property
    def a_year(self) -> int:
        """How many units a year has."""
        return MONTHS_A_YEAR if self.counting is Counting.MONTHS else len(self.named)

    def span(self, number: int) -> Span | None:
        """Return the days of a unit; None where its dates are not known."""
        return month_span(number) if self.counting is Counting.MONTHS else self.known.get(number)

    def name(self, number: int) -> str:
        """Say a unit: "Michaelmas 2027", "June 2027"."""
        year, place = divmod(number, self.a_year)
        if self.counting is Counting.MONTHS:
            return f"{calendar.month_name[place + 1]} {year}"
        return f"{self.named[place].name} {year + self.named[place].years_later}"

    def short(self, number: int) -> str:
        """Say a unit as a column of a table does: "MT27", "Jun 27"."""
        year, place = divmod(number, self.a_year)
        if self.counting is Counting.MONTHS:
            return f"{calendar.month_abbr[place + 1]} {year % 100:02d}"
        return f"{self.named[place].code}{(year + self.named[place].years_later) % 100:02d}"

    def year_of(self, number: int) -> int:
        """Return the calendar year that a unit is named by."""
        year, place = divmod(number, self.a_year)
        return year if self.counting is Counting.MONTHS else year + self.named[place].years_later

    def unknown(self, numbers: Iterable[int]) -> str:
        """Say of which of some units no dates are known: "not known after Trinity 2030", or of one between others."""
        lacking = sorted(number for number in numbers if self.span(number) is None)
        last = max(self.known, default=None)
        if last is None:
            return "not known yet"
        gap = next((number for number in lacking if number < last), None)
        return f"not known after {self.name(last)}" if gap is None else f"not known for {self.name(gap)}"

    def of_day(self, day: date) -> int:
        """Return the unit in which a course begins that is begun on `day`.

        A term where the day lies in it, or in the vacation before it; where dates are not known, the term that
        stands in the same part of the year.
        """
        if self.counting is Counting.MONTHS:
            return day.year * MONTHS_A_YEAR + day.month - 1
        ended = [number for number, span in self.known.items() if span.last < day]
        to_come = [number for number, span in self.known.items() if day <= span.last]
        if ended and to_come and min(to_come) == max(ended) + 1:
            return min(to_come)
        return self.guessed(day)

    def guessed(self, day: date) -> int:
        """Return the term of a day by its part of the academic year, all of them being taken for alike."""
        year = academic_year(day)
        place = (day.month - YEAR_BEGINS) % MONTHS_A_YEAR * self.a_year // MONTHS_A_YEAR
        return year * self.a_year + place

    def first_day(self, number: int) -> date:
        """Return the day from which on a unit is the present one.

        A term without dates begins where all terms are taken for alike, but not before one that is known has ended.
        """
        span = self.span(number)
        if span is not None:
            return span.first
        year, place = divmod(number, self.a_year)
        months = YEAR_BEGINS - 1 + -(-place * MONTHS_A_YEAR // self.a_year)
        guessed = date(year + months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)
        ended = [span.last + timedelta(days=1) for known, span in self.known.items() if known < number]
        return max([guessed, *ended])


def month_span(number: int) -> Span:
    """Return the days of a month."""
    year, place = divmod(number, MONTHS_A_YEAR)
    first = date(year, place + 1, 1)
    return Span(first, first.replace(day=calendar.monthrange(year, place + 1)[1]))


def units_of_terms(named: tuple[Named, ...], terms: Iterable[Term]) -> Units:
    """Return the units of a rulebook that counts terms; `terms` are those of its university, with their dates.

    A term is known by its code, with the year ("MT27") or without it ("S1"). What is a placeholder has no dates.
    """
    known: dict[int, Span] = {}
    for term in terms:
        number = number_of(term, named)
        if number is None or term.status is DateStatus.PLACEHOLDER:
            continue
        before = known.get(number)
        begins = term.first_week - timedelta(weeks=1)
        first = min(begins, before.first) if before else begins
        last = max(term.last_day, before.last) if before else term.last_day
        known[number] = Span(first, last, term.status, first + timedelta(days=(_FRIDAY - first.weekday()) % 7))
    return Units(Counting.TERMS, named, known)


def number_of(term: Term, named: tuple[Named, ...]) -> int | None:
    """Return the number of a term; None where the rulebook has no such term."""
    for place, one in enumerate(named):
        year = term.year + one.years_later
        if term.short in {one.code, f"{one.code}{year % 100:02d}"}:
            return term.year * len(named) + place
    return None
