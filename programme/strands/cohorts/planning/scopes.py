"""From the id in an address to the scope of a cohort: for whoever has no part in it, it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import joinedload

from programme.people.guards import actor
from programme.people.permissions import Scope, Verb, may
from programme.strands.cohorts.models import Cohort, FundingAward
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def of_planned_cohort(session: Session, cohort_id: int, **rest: object) -> Scope | None:
    """Return the scope of a cohort that the acting person may see the people of."""
    del rest
    award = joinedload(Cohort.award)
    known = (award.selectinload(FundingAward.co_owners), award.joinedload(FundingAward.lead_organisation))
    cohort = session.get(Cohort, cohort_id, options=known)
    if cohort is None:
        return None
    scope = award_scope(cohort.award)
    return scope if may(actor(), Verb.SEE_PEOPLE, scope) else None
