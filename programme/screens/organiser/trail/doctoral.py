"""What of the doctoral strand stands in the trail, and for whom: awards, cohorts, records are their runners' alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from programme.core.audit import AuditEntry
from programme.people.models import Organisation, Person
from programme.strands.cohorts.awards.membership import COHORT
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Rulebook
from programme.strands.cohorts.rights import AWARD, CANDIDATURE, awards_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

Key = tuple[str, int]
OWN_KINDS = frozenset({AWARD, COHORT, CANDIDATURE})
"""Kinds of things whose entries, and names, only those who run the award see."""
RULEBOOK = "rulebook"


def in_sight(reader: Actor) -> ColumnElement[bool]:
    """Return the condition for entries that a reader may see: of what runs on, those of awards that they run.

    Who keeps an eye on the whole installation sees that something was done, and not about whom.
    """
    if reader.is_administrator:
        return AuditEntry.id.is_not(None)
    ours = ((kind, ids) for kind, ids in run_ids(reader).items())
    mine = [(AuditEntry.subject_kind == kind) & AuditEntry.subject_id.in_(ids) for kind, ids in ours]
    return or_(AuditEntry.subject_kind.not_in(OWN_KINDS), *mine)


def run_ids(reader: Actor) -> dict[str, Select[int]]:
    """Select the ids of what a reader runs, by kind."""
    awards = awards_of(reader)
    cohorts = select(Cohort.id).where(Cohort.award_id.in_(awards))
    return {
        AWARD: awards,
        COHORT: cohorts,
        CANDIDATURE: select(Candidature.id).where(Candidature.cohort_id.in_(cohorts)),
    }


def called(session: Session, keys: set[Key], *, reader: Actor) -> dict[Key, str]:
    """Return what awards, cohorts and records are called, for those who run them, and whose rulebooks are whose."""
    run = run_ids(reader)
    person = select(Candidature.id, Person.name).join(Person, Person.id == Candidature.person_id)
    statements = {
        AWARD: (FundingAward.id, select(FundingAward.id, FundingAward.title).where(FundingAward.id.in_(run[AWARD]))),
        COHORT: (Cohort.id, select(Cohort.id, Cohort.title).where(Cohort.id.in_(run[COHORT]))),
        CANDIDATURE: (Candidature.id, person.where(Candidature.id.in_(run[CANDIDATURE]))),
        RULEBOOK: (Rulebook.id, select(Rulebook.id, Organisation.name).join(Rulebook.organisation)),
    }
    wanted = {kind: [number for known, number in keys if known == kind] for kind, _ in keys}
    return {
        (kind, row[0]): row[1]
        for kind, (column, statement) in statements.items()
        if wanted.get(kind)
        for row in session.execute(statement.where(column.in_(wanted[kind])))
    }
