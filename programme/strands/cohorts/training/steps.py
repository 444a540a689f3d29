"""What My programme says of training: lines that were refused, and wait to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.flows.steps.step import Act, Kind, Step
from programme.people.states import Strand
from programme.strands.cohorts.models import Candidature, TrainingEntry
from programme.strands.cohorts.states import UNDER_WAY, TrainingState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links

MOST = 30


class TrainingSteps:
    """A researcher's own lines that were refused."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Give a step for each line that was refused, the latest first."""
        del links, now
        refused = (
            select(TrainingEntry)
            .join(Candidature, Candidature.id == TrainingEntry.candidature_id)
            .where(Candidature.person_id == person_id, Candidature.state.in_(UNDER_WAY))
            .where(TrainingEntry.state == TrainingState.REFUSED)
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


TRAINING_STEPS = TrainingSteps()
