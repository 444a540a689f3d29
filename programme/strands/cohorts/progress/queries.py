"""Named reads of milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.strands.cohorts.models import Candidature, Milestone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

GONE = "The rulebook does not ask for this milestone any more."
NOT_OPEN = "It is not open any more: it is handed in, done, or does not apply. Take that back first."


def milestone_of(row: Candidature, milestone_id: int) -> Milestone:
    """Return a milestone of a record that is held; Refusal where there is none such."""
    found = next((one for one in row.milestones if one.id == milestone_id), None)
    if found is None:
        raise Refusal(GONE)
    return found


def milestones_of(session: Session, candidature_id: int) -> Sequence[Milestone]:
    """Return the milestones of a record with their rules, in the order of time."""
    own = select(Milestone).where(Milestone.candidature_id == candidature_id).options(joinedload(Milestone.rule))
    last = Milestone.due_on.is_(None)
    return session.scalars(own.order_by(last, Milestone.due_on, Milestone.unit, Milestone.id)).all()
