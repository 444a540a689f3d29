"""Whose an award and a candidature are, and what somebody is to a researcher."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from programme.people.permissions import Scope, Verb, may
from programme.people.states import Role, Strand
from programme.strands.cohorts.models import FundingAward, FundingAwardCoOwner, Supervision

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature

AWARD, CANDIDATURE, MILESTONE, TRAINING_ENTRY = "funding_award", "candidature", "milestone", "training_entry"


class Relation(StrEnum):
    """What somebody is to a record."""

    OWN = "own"
    SUPERVISES = "supervises"
    RUNS = "runs"


def award_scope(award: FundingAward) -> Scope:
    """Return an award, and all cohorts of it, as the permission table reads them."""
    shared = frozenset(row.id for row in award.co_owners)
    return Scope(award.lead_organisation_id, shared, Strand.COHORTS, (AWARD, award.id))


def awards_of(actor: Actor) -> Select[int]:
    """Select the awards whose people somebody may see: of their own organisations, and shared with these."""
    held = {
        grant.organisation
        for grant in actor.grants
        if grant.role is Role.ORGANISER and grant.organisation and grant.strand in {None, Strand.COHORTS}
    }
    shared = select(FundingAwardCoOwner.award_id).where(FundingAwardCoOwner.organisation_id.in_(held))
    return select(FundingAward.id).where(or_(FundingAward.lead_organisation_id.in_(held), FundingAward.id.in_(shared)))


def candidature_scope(candidature: Candidature) -> Scope:
    """Return a candidature as the permission table reads it: it belongs to whoever runs its cohort."""
    return award_scope(candidature.cohort.award)


def relations(session: Session, candidature: Candidature, actor: Actor, *, today: date) -> frozenset[Relation]:
    """Return what somebody is to a record now: nothing for everybody else, the other university's organisers too."""
    found = set()
    if actor.person_id is None:
        return frozenset()
    if candidature.person_id == actor.person_id:
        found.add(Relation.OWN)
    if may(actor, Verb.SEE_PEOPLE, candidature_scope(candidature)):
        found.add(Relation.RUNS)
    if supervises(session, candidature.id, actor.person_id, today=today):
        found.add(Relation.SUPERVISES)
    return frozenset(found)


def lasts(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a supervision is not over on a day; its last day counts, and it may have yet to begin."""
    return or_(Supervision.ends_on.is_(None), Supervision.ends_on >= day)


def runs(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a supervision runs on a day; its first and its last day count."""
    return and_(Supervision.begins_on <= day, lasts(day))


def supervises(session: Session, candidature_id: int, person_id: int, *, today: date) -> bool:
    """Whether somebody supervises a researcher today."""
    own = select(Supervision.id).where(
        Supervision.candidature_id == candidature_id,
        Supervision.person_id == person_id,
        runs(today),
    )
    return session.scalar(own.limit(1)) is not None
