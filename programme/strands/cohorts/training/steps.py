"""What My programme says of training: lines that were refused, and wait to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.flows.steps.step import Act, Kind, Step
from programme.people.states import Strand
from programme.strands.cohorts.models import TrainingEntry
from programme.strands.cohorts.states import TrainingState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy.orm import Session

MOST = 30


def refused_steps(session: Session, ids: Collection[int]) -> Iterator[Step]:
    """Give a step for each line of some records that was refused, the latest first."""
    refused = (
        select(TrainingEntry)
        .where(TrainingEntry.candidature_id.in_(ids), TrainingEntry.state == TrainingState.REFUSED)
        .order_by(TrainingEntry.changed_at.desc(), TrainingEntry.id)
        .limit(MOST)
    )
    yield from (refused_step(row) for row in session.scalars(refused))


def refused_step(row: TrainingEntry) -> Step:
    """Return the step of a line that was refused."""
    page = f"/records/{row.candidature_id}/training/{row.id}"
    return Step(
        kind=Kind.DO,
        about=f"training:{row.id}",
        title=row.title or "Training elsewhere",
        look="overdue",
        words="Refused",
        url=page,
        strand=Strand.COHORTS.value,
        why=("Your supervisor said why. Change it and hand it in again, or take it back.",),
        next=Act("Read why", page),
    )
