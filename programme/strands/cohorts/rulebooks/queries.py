"""Rulebooks as reckoning reads them: units with their dates, rules, and which of them stand for whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.refusal import Refusal
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.strands.cohorts.milestones.limits import Limits
from programme.strands.cohorts.milestones.reckoning import Rule
from programme.strands.cohorts.milestones.units import Counting, Named, Units, units_of_terms
from programme.strands.cohorts.models import MilestoneRule, Rulebook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

NO_RULEBOOK = "There is no rulebook for this university yet. An administrator adds it under Rulebooks."


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook with its units, ready to be reckoned with."""

    row: Rulebook
    units: Units

    @property
    def limits(self) -> Limits:
        """What it allows of suspensions."""
        row = self.row
        return Limits(row.shortest_suspension, row.longest_suspension, row.suspension_in_all)

    def rules(self, award_id: int | None) -> dict[str, MilestoneRule]:
        """Return the rules in force for researchers of an award, by code and in their order."""
        return in_force(self.row.rules, award_id)


def books(session: Session, of: Collection[int] | None = None) -> Mapping[int, Book]:
    """Return the rulebooks of some organisations, or every one, by organisation; statements do not grow with them."""
    asked = every_book() if of is None else every_book().where(Rulebook.organisation_id.in_(of))
    rows = session.scalars(asked).all()
    counts_terms = any(row.counting is Counting.TERMS for row in rows)
    places = terms(session).universities if counts_terms else ()
    dates = {university.slug: university.terms for university in places}
    return {row.organisation_id: Book(row, units_of(row, dates.get(row.organisation.slug, ()))) for row in rows}


@cache
def every_book() -> Select[Rulebook]:
    """Return the statement behind `books`: built once, as it is asked in almost every request of the strand."""
    return select(Rulebook).options(
        joinedload(Rulebook.organisation, innerjoin=True), selectinload(Rulebook.rules), selectinload(Rulebook.terms)
    )


def book_of(session: Session, organisation_id: int) -> Book:
    """Return the rulebook of a university; Refusal where it has none."""
    found = books(session, [organisation_id]).get(organisation_id)
    if found is None:
        raise Refusal(NO_RULEBOOK, field="home")
    return found


def units_of(row: Rulebook, dates: Iterable[object]) -> Units:
    """Return the units of a rulebook; `dates` are the terms of its university."""
    if row.counting is Counting.MONTHS:
        return Units(Counting.MONTHS)
    named = tuple(Named(term.name, term.code, term.years_later) for term in row.terms)
    return units_of_terms(named, dates)  # type: ignore[arg-type]


def in_force(rules: Iterable[MilestoneRule], award_id: int | None) -> dict[str, MilestoneRule]:
    """Return the rules that stand for an award: its own instead of those of the same code that are for all."""
    living = [rule for rule in rules if rule.retired_at is None and rule.award_id in {None, award_id}]
    found: dict[str, MilestoneRule] = {}
    for rule in sorted(living, key=lambda rule: (rule.award_id is not None, rule.position)):
        found[rule.code] = rule
    return dict(sorted(found.items(), key=lambda pair: pair[1].position))


def as_rule(row: MilestoneRule) -> Rule:
    """Return a row as reckoning reads it."""
    return Rule(
        code=row.code,
        reckoned=row.reckoned,
        units=row.units,
        place=row.place,
        base=row.base,
        weeks=row.weeks,
        falls=row.falls,
        is_last=row.is_last,
    )
