"""What the page of a training record shows: sums, coverage, what is missing, and every line with where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from programme.strands.cohorts.training import summing
from programme.strands.cohorts.training.frameworks.queries import frameworks
from programme.strands.cohorts.training.record.drafting import drafts
from programme.strands.cohorts.training.record.queries import entries, lines, target_of
from programme.strands.cohorts.training.words import ITEMS, UNITS, counted, hours, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Candidature, TrainingEntry, TrainingFramework, TrainingSubdomain
    from programme.strands.cohorts.training.record.drafting import Came
    from programme.strands.cohorts.training.summing import Line, Sums, Target, Year

WIDTH = 400
"""Of a drawn bar, in units of its view."""
FURTHEST_BACK = 10
"""Years that are offered at most."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A training record: what was handed in, what waits to be, and both as sums read them."""

    kept: Sequence[TrainingEntry]
    came: Sequence[Came]

    @property
    def lines(self) -> list[Line]:
        """Everything, as sums read it."""
        return lines(self.kept, self.came)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar against a target: how long its parts are, of `WIDTH`, and what it says."""

    agreed: int
    waiting: int
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of the framework with how much training is of it; `bar` is of `WIDTH`."""

    part: TrainingSubdomain
    hours: str
    bar: int


def gathered(session: Session, candidature_id: int) -> Gathered:
    """Return the record of one researcher."""
    return Gathered(entries(session, [candidature_id]), drafts(session, [candidature_id])[candidature_id])


def years(row: Candidature, *, today: date, month: int = summing.OCTOBER) -> list[Year]:
    """Return the years since somebody registered, the present one first."""
    now, first = summing.year_of(today, month=month), summing.year_of(row.registered_on, month=month)
    last = max(first.first.year, now.first.year - FURTHEST_BACK + 1)
    return [summing.year_from(begins, month=month) for begins in range(max(now.first.year, last), last - 1, -1)]


def bar_of(sums: Sums, target: Target) -> Bar:
    """Return the bar of a year: what is beyond the target fills it."""
    full = max(Fraction(sums.target), sums.agreed + sums.waiting, Fraction(1))
    return Bar(int(WIDTH * sums.agreed / full), int(WIDTH * sums.waiting / full), said(sums, target))


def said(sums: Sums, target: Target) -> str:
    """Say what a year comes to."""
    asked = f"{number(sums.agreed)} of {counted(Fraction(sums.target), target.unit)}"
    if not sums.target:
        asked = counted(sums.agreed, target.unit)
    rest = f" {counted(sums.lacking, target.unit)} to go." if sums.lacking else " That is all that is asked."
    waits = f" Not assented to yet: {counted(sums.waiting, target.unit)}." if sums.waiting else ""
    return f"{asked}.{rest if sums.target else ''}{waits}"


def coverage(session: Session, found: Gathered) -> list[tuple[TrainingFramework, list[Cell]]]:
    """Return how much of the training is of which part: of the framework in use, and of older ones that were used."""
    counted_by: dict[int, list[Line]] = {}
    for row, line in zip(found.kept, lines(found.kept, ()), strict=True):
        counted_by.setdefault(row.framework_id, []).append(line)
    known = frameworks(session)
    shown = [row for place, row in enumerate(known) if not place or row.id in counted_by]
    return [(row, cells(row, summing.covered(counted_by.get(row.id, ())))) for row in shown]


def cells(row: TrainingFramework, minutes: Mapping[str, Fraction]) -> list[Cell]:
    """Return the parts of a framework, the longest bar as wide as can be."""
    most = max(minutes.values(), default=Fraction(1))
    return [
        Cell(part, hours(minutes.get(part.code, Fraction(0))), int(WIDTH * minutes.get(part.code, Fraction(0)) / most))
        for part in row.subdomains
    ]


def missing(found: Gathered) -> list[str]:
    """Return the words of what everybody is trained in, and is missing."""
    return [ITEMS[item] for item in summing.missing(found.lines)]


def asked_a_year(target: Target) -> str:
    """Say what a unit is, where that needs saying."""
    day = f"A day is {target.hours_a_day} hours." if UNITS[target.unit] == "day" else ""
    return "A credit is ten hours." if UNITS[target.unit] == "credit" else day


def sums_of(found: Gathered, row: Candidature, year: Year) -> tuple[Sums, Target]:
    """Return what a year comes to, and what its award asks."""
    target = target_of(row.cohort.award)
    return summing.summed(found.lines, year, target), target
