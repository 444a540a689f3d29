"""Rows of a rulebook as values, for forms, checks and the trail, and values written back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from programme.core.tokens import mark_of
from programme.strands.cohorts.milestones.units import Named
from programme.strands.cohorts.models import MilestoneRule, Rulebook, RulebookTerm
from programme.strands.cohorts.rulebooks.checking import BookDetails, RuleDetails, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

APART = frozenset({"terms"})
FIXED = frozenset({"code", "award_id"})
"""What a milestone is known by: it never changes."""


def book_details(book: Rulebook) -> BookDetails:
    """Return a rulebook as its form writes it."""
    names = (name for name in BookDetails.__dataclass_fields__ if name not in APART)
    terms = tuple(Named(row.name, row.code, row.years_later) for row in book.terms)
    return BookDetails(terms=terms, **{name: getattr(book, name) for name in names})


def rule_details(rule: MilestoneRule) -> RuleDetails:
    """Return a milestone as its form writes it."""
    facts = {name: getattr(rule, name) for name in RuleDetails.__dataclass_fields__}
    return RuleDetails(**{**facts, "signers": tuple(rule.signers)})


def standing(book: Rulebook) -> list[Standing]:
    """Return the milestones in force as checking needs them."""
    return [
        Standing(rule.code, rule.title, rule.reckoned, rule.base, rule.award_id)
        for rule in book.rules
        if rule.retired_at is None
    ]


def write_rule(rule: MilestoneRule, details: RuleDetails) -> None:
    """Write details onto the row."""
    for name, value in asdict(details).items():
        if name not in FIXED:
            setattr(rule, name, list(value) if name == "signers" else value)


def write_terms(book: Rulebook, wanted: Iterable[Named]) -> None:
    """Write the terms of a year onto the rows there are, as far as they reach."""
    rows, terms = list(book.terms), list(wanted)
    for row in rows[len(terms) :]:
        book.terms.remove(row)
    for place, term in enumerate(terms):
        if place < len(rows):
            rows[place].name, rows[place].code, rows[place].years_later = term.name, term.code, term.years_later
        else:
            book.terms.append(RulebookTerm(position=place, **asdict(term)))


def copied(book: Rulebook) -> Rulebook:
    """Return the rows of a rulebook again, without what is for one award, or retired."""
    facts = {name: value for name, value in asdict(book_details(book)).items() if name not in APART}
    again = Rulebook(**facts, terms=[], rules=[])
    write_terms(again, book_details(book).terms)
    for rule in book.rules:
        if rule.retired_at is None and rule.award_id is None:
            row = MilestoneRule(code=rule.code)
            write_rule(row, rule_details(rule))
            again.rules.append(row)
    return again


def facts_of(book: Rulebook) -> dict[str, Any]:
    """Return what the trail compares: plain values, terms as words."""
    facts = asdict(book_details(book))
    return {**facts, "terms": [f"{term['name']} ({term['code']})" for term in facts["terms"]]}


def facts_of_rule(rule: MilestoneRule) -> dict[str, Any]:
    """Return what the trail compares of a milestone."""
    facts = asdict(rule_details(rule))
    return {name: list(value) if name == "signers" else value for name, value in facts.items() if name not in FIXED}


def seen_of(book: Rulebook) -> str:
    """Return a mark of everything that the form of a rulebook shows."""
    return mark_of(book_details(book))
