"""Months or terms without a gap between them: every day lies in one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from programme.engines.calendar.term_weeks.weeks import academic_year
from programme.strands.cohorts.milestones.units import MONTHS_A_YEAR, YEAR_BEGINS

if TYPE_CHECKING:
    from programme.strands.cohorts.milestones.units import Units

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Periods:
    """The units of a university, each with the vacation after it.

    A term whose dates are not known is taken to begin with its part of the academic year.
    """

    units: Units

    def begins(self, number: int) -> date:
        """Return the first day of a period."""
        span = self.units.span(number)
        if span:
            return span.first
        year, place = divmod(number, self.units.a_year)
        months = YEAR_BEGINS - 1 + place * MONTHS_A_YEAR // self.units.a_year
        return date(year + months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)

    def ends(self, number: int) -> date:
        """Return the last day of a period, the day before the next one begins."""
        return self.begins(number + 1) - ONE_DAY

    def middle(self, number: int) -> date:
        """Return the day in the middle of a period."""
        first = self.begins(number)
        return first + (self.ends(number) - first) // 2

    def number_of(self, day: date) -> int:
        """Return the period of a day."""
        if self.units.a_year == MONTHS_A_YEAR:
            return day.year * MONTHS_A_YEAR + day.month - 1
        first = (academic_year(day) - 1) * self.units.a_year
        return max(number for number in range(first, first + 3 * self.units.a_year) if self.begins(number) <= day)

    def within(self, first: date, last: date) -> list[int]:
        """Return the periods of a year, those whose middle lies in it."""
        start = self.number_of(first) - 1
        return [
            number for number in range(start, start + self.units.a_year + 3) if first <= self.middle(number) <= last
        ]
