"""The awards whose people somebody may see, and the note in the trail that they looked at a cohort's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from programme.core import audit
from programme.core.database import begin_writing
from programme.extensions import db
from programme.people.permissions import Verb, may
from programme.strands.cohorts.models import FundingAward
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from programme.people.permissions import Actor

COHORT = "cohort"


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
