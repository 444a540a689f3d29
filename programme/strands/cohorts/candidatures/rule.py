"""What may stand in a candidature: days in their order, a unit by its name, rates. Pure."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, NamedTuple

from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.milestones.units import Counting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from programme.strands.cohorts.milestones.course import Rate
    from programme.strands.cohorts.milestones.units import Units

YEARS_BEFORE, YEARS_AFTER = 10, 15
"""How far around a unit another one is looked for by its name."""
LEAST_RATE = 10
LONGEST_COURSE = 20
"""In years: what is further away is a slip of the pen."""


class Wrong(NamedTuple):
    """What is wrong with which field, as a sentence that says what to do."""

    field: str
    sentence: str


def wrong_dates(registered_on: date, funded_until: date | None, submission_deadline: date | None) -> Wrong | None:
    """Say which of the days is out of order; None where all is well."""
    if funded_until and funded_until < registered_on:
        sentence = "Funding ends before the registration begins. Change one of the two dates."
        return Wrong("funded_until", sentence)
    if submission_deadline and submission_deadline <= registered_on:
        sentence = "The submission deadline is not after the registration. Change one of the two dates."
        return Wrong("submission_deadline", sentence)
    for name, day in (("funded_until", funded_until), ("submission_deadline", submission_deadline)):
        if day and day.year - registered_on.year > LONGEST_COURSE:
            sentence = f"That is more than {LONGEST_COURSE} years after the registration. Look at the year again."
            return Wrong(name, sentence)
    return None


def wrong_rate(per_cent: int) -> Wrong | None:
    """Say what is wrong with a rate of study."""
    if LEAST_RATE <= per_cent <= FULL:
        return None
    return Wrong("per_cent", f"Enter how much of full time it is, from {LEAST_RATE} to {FULL} per cent.")


def unit_called(text: str, units: Units, *, around: int) -> int | None:
    """Return the unit that somebody calls "Michaelmas 2026", "MT26" or "Oct 2026"; None where there is no such unit."""
    wanted = folded(text)
    step = units.a_year
    near = range(around - YEARS_BEFORE * step, around + YEARS_AFTER * step)
    return next((number for number in near if wanted in {folded(name) for name in names_of(number, units)}), None)


def names_of(number: int, units: Units) -> Iterator[str]:
    """Give what people call a unit: "Michaelmas 2026", "MT26", "Michaelmas term 26", "Oct 2026", "2026-10"."""
    year, place = units.year_of(number), number % units.a_year
    is_month = units.counting is Counting.MONTHS
    short = calendar.month_abbr[place + 1] if is_month else units.named[place].code
    long = calendar.month_name[place + 1] if is_month else units.named[place].name
    yield from (units.name(number), units.short(number), f"{short} {year}", f"{year}-{place + 1:02d}")
    yield from (f"{long} {year % 100:02d}", f"{short}-{year % 100:02d}", f"{short}-{year}")
    if not is_month:
        yield from (f"{long} term {year}", f"{long} term {year % 100:02d}", f"{year} {short}", f"{year} {long}")


def folded(text: str) -> str:
    """Return a name so that case and white space do not matter."""
    return "".join(text.split()).casefold()


def unit_needed(text: str, units: Units, *, around: int) -> str:
    """Say that there is no such unit, and how one is called."""
    word = "month" if units.counting is Counting.MONTHS else "term"
    return f"“{text[:40]}” is no {word} here. Write it like “{units.name(around)}” or “{units.short(around)}”."


def joined_rates(rates: Iterable[Rate]) -> list[Rate]:
    """Return rates in order without those that change nothing."""
    found: list[Rate] = []
    for rate in sorted(rates, key=lambda one: one.first):
        if not found or found[-1].per_cent != rate.per_cent:
            found.append(rate)
    return found
