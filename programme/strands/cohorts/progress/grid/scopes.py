"""From the id in an address to the scope of a cohort that the acting person runs: for others it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from programme.core import audit
from programme.core.database import begin_writing
from programme.extensions import db
from programme.people.guards import actor
from programme.people.permissions import Scope, Verb, may
from programme.strands.cohorts.models import Cohort, FundingAward
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from programme.people.permissions import Actor

COHORT = "cohort"


def of_run_cohort(session: Session, cohort_id: int, **rest: object) -> Scope | None:
    """Return the scope of a cohort; None, as if there were none, for whoever may not see its people."""
    del rest
    award = joinedload(Cohort.award)
    row = session.get(Cohort, cohort_id, options=(award.selectinload(FundingAward.co_owners),))
    if row is None:
        return None
    scope = award_scope(row.award)
    return scope if may(actor(), Verb.SEE_PEOPLE, scope) else None


def awards_run(session: Session, who: Actor) -> Sequence[FundingAward]:
    """Return the awards whose people somebody may see."""
    rows = session.scalars(select(FundingAward).options(selectinload(FundingAward.co_owners)))
    return [row for row in rows if may(who, Verb.SEE_PEOPLE, award_scope(row))]


def note_looks(cohorts: Iterable[tuple[int, int]], who: Actor, *, now: datetime) -> None:
    """Write into the trail at whose milestones somebody looked: (id of the cohort, id of its lead) of each."""
    found = sorted(set(cohorts))
    if not found:
        return
    with Session(db.engine) as session:
        begin_writing(session)
        for cohort_id, lead in found:
            audit.record(
                session,
                person_id=who.person_id,
                verb="looked at a cohort",
                subject=(COHORT, cohort_id),
                now=now,
                organisation_id=lead,
            )
        session.commit()
