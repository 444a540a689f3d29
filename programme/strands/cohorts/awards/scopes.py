"""From the id in an address to a scope: of awards, cohorts and candidatures that the acting person runs.

What somebody has no part in is not there for them: its existence is nobody's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import joinedload, selectinload

from programme.people.guards import actor
from programme.people.permissions import Scope, Verb, may
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def of_award(session: Session, award_id: int, **rest: object) -> Scope | None:
    """Return the scope of an award."""
    del rest
    award = session.get(
        FundingAward,
        award_id,
        options=(selectinload(FundingAward.co_owners), joinedload(FundingAward.lead_organisation)),
    )
    return seen(award_scope(award)) if award else None


def of_cohort(session: Session, cohort_id: int, **rest: object) -> Scope | None:
    """Return the scope of a cohort: that of its award."""
    del rest
    award = joinedload(Cohort.award)
    known = (award.selectinload(FundingAward.co_owners), award.joinedload(FundingAward.lead_organisation))
    cohort = session.get(Cohort, cohort_id, options=known)
    return seen(award_scope(cohort.award)) if cohort else None


def of_candidature(session: Session, candidature_id: int, **rest: object) -> Scope | None:
    """Return the scope of a candidature: that of its cohort's award."""
    del rest
    candidature = session.get(Candidature, candidature_id)
    return of_cohort(session, candidature.cohort_id) if candidature else None


def seen(scope: Scope) -> Scope | None:
    """Return a scope that the acting person has a part in."""
    return scope if may(actor(), Verb.SEE_PEOPLE, scope) else None
