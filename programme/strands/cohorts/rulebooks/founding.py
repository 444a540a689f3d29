"""Gives universities that a new installation knows the rulebooks it starts with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.people.models import Organisation
from programme.strands.cohorts.models import MilestoneRule, Rulebook, RulebookTerm
from programme.strands.cohorts.rulebooks.defaults import DEFAULTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.rulebooks.defaults import DefaultBook

FOUNDED_RULES = (Rulebook, RulebookTerm, MilestoneRule)
"""Whose rows a new installation has before anybody used it."""


def found_rulebooks(session: Session, *, now: datetime) -> int:
    """Add the default rulebook to each university that has one and no rulebook yet; return how many."""
    lacking = select(Organisation).where(
        Organisation.slug.in_([book.slug for book in DEFAULTS]),
        Organisation.id.not_in(select(Rulebook.organisation_id)),
    )
    books = {book.slug: book for book in DEFAULTS}
    added = [rulebook_from(books[row.slug], organisation_id=row.id, now=now) for row in session.scalars(lacking)]
    session.add_all(added)
    session.flush()
    return len(added)


def rulebook_from(book: DefaultBook, *, organisation_id: int, now: datetime) -> Rulebook:
    """Return the rows of a default rulebook."""
    terms = [RulebookTerm(position=place, **asdict(named)) for place, named in enumerate(book.terms)]
    rules = [
        MilestoneRule(position=place, **{**asdict(rule), "signers": [str(one) for one in rule.signers]})
        for place, rule in enumerate(book.rules)
    ]
    return Rulebook(
        organisation_id=organisation_id,
        counting=book.counting,
        longest_suspension=book.longest_suspension,
        suspension_in_all=book.suspension_in_all,
        meetings_counting=book.meetings_counting,
        meetings_every_part=book.meetings_every_part,
        meetings_year_month=book.meetings_year_month,
        source=book.source,
        changed_at=now,
        terms=terms,
        rules=rules,
    )
