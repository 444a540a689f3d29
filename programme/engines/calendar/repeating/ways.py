"""The ways in which dates repeat, and the days that each of them names, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from programme.core.refusal import Refusal
from programme.engines.calendar.term_weeks.weeks import DateStatus, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

A_WEEK = 7
FIFTH = 5
LAST = -1


class Every(StrEnum):
    """How often a rule repeats."""

    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"  # on the same weekday of the month as the first day: every second Tuesday
    LAST = "last"  # on the last such weekday of each month


class Planned(NamedTuple):
    """A London day on which something is to be; at another wall time than all the others, where `begins` says so."""

    day: date
    begins: time | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ByRule:
    """From a first day on, again and again; `weekdays` (Monday is 0) are for weeks and fortnights.

    Without weekdays it is the weekday of the first day. Until a day, that day included, or so many times.
    """

    first_day: date
    every: Every
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ByWeeks:
    """Weekdays of numbered weeks of one term, whose numbers may go on after a break: then it has several stretches."""

    terms: tuple[Term, ...]
    weeks: tuple[int, ...]
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class ByList:
    """Days that somebody wrote down."""

    days: tuple[Planned, ...]


Way = ByRule | ByWeeks | ByList


def planned(way: Way) -> Iterator[Planned]:
    """Give the days of a way in order; a rule without an end gives them without an end."""
    if isinstance(way, ByRule):
        return by_rule(way)
    found = by_weeks(way) if isinstance(way, ByWeeks) else list(way.days)
    return iter(sorted(found, key=lambda item: (item.day, item.begins or time.min)))


def by_rule(way: ByRule) -> Iterator[Planned]:
    """Give the days of a rule; raises Refusal for a fifth weekday, which not every month has."""
    begin = datetime.combine(way.first_day, time())
    until = datetime.combine(way.until, time()) if way.until else None
    if way.every is Every.DAY:
        found = rrule(DAILY, dtstart=begin, until=until)
    elif way.every in {Every.WEEK, Every.FORTNIGHT}:
        interval = 2 if way.every is Every.FORTNIGHT else 1
        weekdays = sorted(way.weekdays) or [way.first_day.weekday()]
        found = rrule(WEEKLY, dtstart=begin, until=until, interval=interval, byweekday=weekdays)
    else:
        found = rrule(MONTHLY, dtstart=begin, until=until, byweekday=weekday(way.first_day.weekday(), turn(way)))
    return (Planned(moment.date()) for moment in found)


def turn(way: ByRule) -> int:
    """Return which such weekday of the month is meant: 1 to 4, or -1 for the last."""
    number = (way.first_day.day - 1) // A_WEEK + 1
    if way.every is Every.LAST:
        return LAST
    if number == FIFTH:
        raise Refusal("Not every month has a fifth such day: choose the last of each month.", field="every")
    return number


def by_weeks(way: ByWeeks) -> list[Planned]:
    """Return the days of weeks of a term."""
    if not way.weekdays:
        raise Refusal("Choose at least one day of the week.", field="weekdays")
    return [Planned(day_in_week(way.terms, week, on)) for week in sorted(set(way.weeks)) for on in sorted(way.weekdays)]


def day_in_week(terms: Iterable[Term], week: int, on: int) -> date:
    """Return a weekday of a numbered week; raises Refusal where the term has no such week."""
    stretches = list(terms)
    own = [term for term in stretches if term.first_number <= week < term.first_number + term.weeks]
    term = next(iter(own or [term for term in stretches if is_shown(term, week)]), None)
    if term is None:
        raise Refusal(f"{stretches[0].label} has no week {week}: it has {weeks_of(stretches)}.", field="weeks")
    monday_or_sunday = term.first_week + timedelta(weeks=week - term.first_number)
    return monday_or_sunday + timedelta(days=(on - term.first_week.weekday()) % A_WEEK)


def is_shown(term: Term, week: int) -> bool:
    """Whether a week before or after the term's own bears a number: 0th week, 9th week."""
    first = term.first_number - term.weeks_before
    return first <= week < term.first_number + term.weeks + term.weeks_after


def weeks_of(terms: Iterable[Term]) -> str:
    """Say which weeks there are: "weeks 1 to 8", or "weeks 1 to 6 and 8 to 12" with a hole between two stretches."""
    spans = sorted((term.first_number, term.first_number + term.weeks - 1) for term in terms)
    holes = [(end, begin) for (_, end), (begin, _) in pairwise(spans) if begin > end + 1]
    edges = [spans[0][0], *(edge for hole in holes for edge in hole), max(end for _, end in spans)]
    parts = [f"{first} to {last}" for first, last in zip(edges[::2], edges[1::2], strict=True)]
    return f"weeks {' and '.join(parts)}"


def choices_of(terms: Iterable[Term]) -> Mapping[str, tuple[Term, ...]]:
    """Gather the terms that one may choose by what they are called in an academic year, the earliest first.

    Guesses that print as "dates not confirmed" are no terms to plan by.
    """
    found: dict[str, list[Term]] = {}
    for term in sorted(terms, key=lambda term: (term.first_week, term.organisation)):
        if term.status is not DateStatus.PLACEHOLDER:
            found.setdefault(f"{term.organisation}/{term.short}/{term.year}", []).append(term)
    return {key: tuple(stretches) for key, stretches in found.items()}
