"""Academic weeks: "Tuesday of 3rd week, Michaelmas 2026", "Semester 1, week 5", from dates that are data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_MONDAY, _SUNDAY = 0, 6
_YEAR_BEGINS = 9
_AUTUMN_ENDS = 12
_SPRING_BEGINS = 4
_TEENS = range(11, 14)
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Numbering(StrEnum):
    """How a university says its weeks."""

    ORDINAL = "ordinal"  # "Tuesday of 3rd week, Michaelmas 2026" and "3rd Wk MT26": Oxford
    COUNTED = "counted"  # "Semester 1, week 5" and "S1 W5": Liverpool


class DateStatus(StrEnum):
    """How sure the dates are."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Term:
    """One stretch of numbered weeks of one organisation.

    Weeks begin on the weekday of `first_week`, the first day of the week that bears `first_number` (1, or more where
    the numbers go on after a break). Some weeks before and after are named too: Oxford shows -1st, 0th and 9th.
    """

    organisation: str
    label: str
    short: str
    numbering: Numbering
    first_week: date
    weeks: int
    status: DateStatus
    first_number: int = 1
    weeks_before: int = 0
    weeks_after: int = 0

    @property
    def shown_from(self) -> date:
        """The first day that bears a week of this term."""
        return self.first_week - timedelta(weeks=self.weeks_before)

    @property
    def shown_until(self) -> date:
        """The last day that bears a week of this term."""
        return self.first_week + timedelta(weeks=self.weeks + self.weeks_after, days=-1)

    @property
    def last_day(self) -> date:
        """The last day of the last week of the term itself."""
        return self.first_week + timedelta(weeks=self.weeks, days=-1)

    @property
    def year(self) -> int:
        """The calendar year in which the term's academic year begins."""
        return academic_year(self.first_week)

    def number(self, day: date) -> int:
        """Number the week of a day: floor((day - first day of week 1) / 7) + 1, so 0 and -1 come before."""
        return (day - self.first_week).days // 7 + self.first_number


@dataclass(frozen=True, slots=True)
class WeekLabel:
    """The week of a day in words; `is_provisional` lets the page say so."""

    long: str
    short: str
    status: DateStatus
    in_term: bool

    @property
    def is_provisional(self) -> bool:
        """Whether the dates behind the label may still change."""
        return self.status is DateStatus.PROVISIONAL


UNCONFIRMED = WeekLabel("dates not confirmed", "dates not confirmed", DateStatus.PLACEHOLDER, in_term=False)


def label_for(day: date, terms: Iterable[Term]) -> WeekLabel:
    """Say the academic week of a London day, from the terms of one organisation.

    "dates not confirmed" where the terms do not cover the academic year, or are placeholders; "vacation" between them.
    """
    year = [term for term in terms if term.year == academic_year(day) or _shows(term, day)]
    term = _term_of(day, year)
    if term is not None:
        return _in_term(day, term)
    known = [term for term in year if term.status is not DateStatus.PLACEHOLDER]
    return _vacation(known) if _reaches_through_the_year(known) else UNCONFIRMED


def labels_for(day: date, terms: Collection[Term], *, organisations: Iterable[str]) -> dict[str, WeekLabel]:
    """Say the academic week of a day at each organisation, in the order given."""
    return {slug: label_for(day, [term for term in terms if term.organisation == slug]) for slug in organisations}


def academic_year(day: date) -> int:
    """Name the academic year of a day by the year in which it began: 1 September opens it."""
    return day.year if day.month >= _YEAR_BEGINS else day.year - 1


def same_week_next_year(day: date, terms: Iterable[Term]) -> date | None:
    """Return the same weekday of the same week of the same term a year later, from the terms of one organisation.

    None outside term, and where the year after has no such term yet.
    """
    known = sorted((term for term in terms if term.status is not DateStatus.PLACEHOLDER), key=lambda it: it.first_week)
    term = _term_of(day, known)
    if term is None:
        return None
    place = [one for one in known if one.year == term.year].index(term)
    then = [one for one in known if one.year == term.year + 1][place : place + 1]
    return then[0].first_week + (day - term.first_week) if then and then[0].first_number == term.first_number else None


def wrong_first_day(numbering: Numbering, first_week: date) -> str | None:
    """Say what is wrong with the first day of week 1, if anything: ordinal weeks begin on Sunday, counted on Monday."""
    expected = _SUNDAY if numbering is Numbering.ORDINAL else _MONDAY
    if first_week.weekday() == expected:
        return None
    return f"Week 1 begins on a {_DAYS[expected]}; {first_week:%d/%m/%Y} is a {_DAYS[first_week.weekday()]}."


def ordinal(number: int) -> str:
    """Write 0th, 1st, 2nd, 3rd, 4th, 11th, 21st, and those below with a true minus sign."""
    size = abs(number)
    suffix = "th" if size % 100 in _TEENS else _SUFFIXES.get(size % 10, "th")
    return f"{'−' if number < 0 else ''}{size}{suffix}"  # noqa: RUF001  a minus sign is meant


def _term_of(day: date, terms: Iterable[Term]) -> Term | None:
    """Choose the term that shows the day; where two do, the one whose own weeks hold it or lie nearest."""
    return min((term for term in terms if _shows(term, day)), key=lambda term: _distance(term, day), default=None)


def _shows(term: Term, day: date) -> bool:
    return term.shown_from <= day <= term.shown_until


def _distance(term: Term, day: date) -> int:
    return max((term.first_week - day).days, (day - term.last_day).days, 0)


def _in_term(day: date, term: Term) -> WeekLabel:
    if term.status is DateStatus.PLACEHOLDER:
        return UNCONFIRMED
    number = term.number(day)
    if term.numbering is Numbering.COUNTED:
        return WeekLabel(f"{term.label}, week {number}", f"{term.short} W{number}", term.status, in_term=True)
    long = f"{_DAYS[day.weekday()]} of {ordinal(number)} week, {term.label}"
    return WeekLabel(long, f"{ordinal(number)} Wk {term.short}", term.status, in_term=True)


def _reaches_through_the_year(known: Collection[Term]) -> bool:
    """Tell whether the dates go from autumn to spring: with half of them entered, a gap may be an unknown term."""
    if not known:
        return False
    first = min(term.first_week for term in known)
    last = max(term.last_day for term in known)
    return _YEAR_BEGINS <= first.month < _AUTUMN_ENDS and _SPRING_BEGINS <= last.month < _YEAR_BEGINS


def _vacation(known: Iterable[Term]) -> WeekLabel:
    provisional = any(term.status is DateStatus.PROVISIONAL for term in known)
    status = DateStatus.PROVISIONAL if provisional else DateStatus.CONFIRMED
    return WeekLabel("vacation", "vacation", status, in_term=False)
