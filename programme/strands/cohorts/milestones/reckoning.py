"""When each milestone of a course is due: a term always, a day where the term's dates are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.calendar.term_weeks.weeks import DateStatus
from programme.strands.cohorts.milestones.course import MOST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from programme.strands.cohorts.milestones.course import Course
    from programme.strands.cohorts.milestones.units import Span, Units

ONCE = 0
"""The occurrence of what comes once."""


class Reckoned(StrEnum):
    """How a rule comes to its dates."""

    COUNTED = "counted"  # at the end of the nth unit of study
    YEARLY = "yearly"  # in one unit of every year
    BEFORE = "before"  # so many weeks before another milestone


class Falls(StrEnum):
    """On which day of its unit a counted milestone falls."""

    LAST_DAY = "last day"
    NOUGHTH_FRIDAY = "friday of noughth week of the next"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a rulebook. Which of the numbers it needs depends on how it reckons.

    `units` is the nth unit of full-time study (counted), or how many units must have counted before the first time
    (yearly). `place` is the place of a unit in the year, from 0 (yearly). `base` and `weeks` name another milestone
    and how long before it (before).
    """

    code: str
    reckoned: Reckoned
    units: int = 1
    place: int = 0
    base: str = ""
    weeks: int = 0
    falls: Falls = Falls.LAST_DAY
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When one milestone is due. `day` is None while the dates of its unit are not known.

    `occurrence` is ONCE, or the calendar year of one that comes every year.
    """

    code: str
    occurrence: int
    unit: int
    day: date | None
    is_provisional: bool = False


def reckon(rules: Iterable[Rule], course: Course, units: Units) -> list[Due]:
    """Return everything that a course has to reach, in the order of its terms and days."""
    rules = tuple(rules)
    found = [due for rule in rules for due in own(rule, rules, course, units)]
    later = {
        rule: [due for due in found if due.code == rule.base] for rule in rules if rule.reckoned is Reckoned.BEFORE
    }
    found += [before(rule, due, course, units) for rule, bases in later.items() for due in bases]
    return sorted(found, key=lambda due: (due.unit, due.day or date.max, due.code))


def own(rule: Rule, rules: Sequence[Rule], course: Course, units: Units) -> Iterator[Due]:
    """Give what a rule comes to by itself."""
    if rule.reckoned is Reckoned.COUNTED:
        yield at_the_end(rule, course.unit_reached(rule.units, besides=course.extended.get(rule.code, 0)), units)
    elif rule.reckoned is Reckoned.YEARLY:
        for unit in yearly(rule, course, units, until=last_unit(rules, course)):
            yield said(rule.code, units.year_of(unit), unit, units.span(unit))


def last_unit(rules: Iterable[Rule], course: Course) -> int:
    """Return the unit in which a course ends: that of the rule which says so, else of the latest counted one."""
    counted = [rule for rule in rules if rule.reckoned is Reckoned.COUNTED]
    ends = [rule for rule in counted if rule.is_last] or counted
    reached = (course.unit_reached(rule.units, besides=course.extended.get(rule.code, 0)) for rule in ends)
    return max(reached, default=course.entry)


def yearly(rule: Rule, course: Course, units: Units, *, until: int) -> Iterator[int]:
    """Give the unit of every year in which something is due, but for those in which the course pauses."""
    step = units.a_year
    first = course.entry + (rule.place - course.entry) % step
    for unit in range(first, min(until, course.entry + MOST_UNITS) + 1, step):
        if course.units_until(unit) >= rule.units and not course.is_paused(unit):
            yield unit


def at_the_end(rule: Rule, unit: int, units: Units) -> Due:
    """Return the end of a unit, or the Friday before the next one begins where the rule allows until then."""
    if rule.falls is Falls.NOUGHTH_FRIDAY:
        span = units.span(unit + 1)
        return said(rule.code, ONCE, unit + 1, span, day=span.friday if span else None)
    return said(rule.code, ONCE, unit, units.span(unit))


def before(rule: Rule, due: Due, course: Course, units: Units) -> Due:
    """Return what is due so many weeks before another milestone, in the term or month in which that day lies.

    A day in a vacation is moved to the end of the term before it, so that there are as many weeks at least. It lies no
    earlier than the course begins, nor in a term whose dates nobody knows.
    """
    unit, span = due.unit, units.span(due.unit)
    if due.day is None or span is None:
        return Due(rule.code, due.occurrence, unit, None)
    day = due.day - timedelta(weeks=rule.weeks)
    while day < span.first:
        prior = units.span(unit - 1) if unit > course.entry else None
        if prior is None:
            day = span.first
        else:
            unit, span, day = unit - 1, prior, min(day, prior.last)
    return said(rule.code, due.occurrence, unit, span, day=day)


def said(code: str, occurrence: int, unit: int, span: Span | None, *, day: date | None = None) -> Due:
    """Return when something is due, with how sure that is."""
    if span is None:
        return Due(code, occurrence, unit, None)
    return Due(code, occurrence, unit, day or span.last, span.status is not DateStatus.CONFIRMED)
