"""Courses that begin by themselves: on the day of registration whoever is admitted becomes active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.times import london_day
from programme.people.permissions import NOBODY
from programme.strands.cohorts.candidatures.moving import move_on
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Candidature
from programme.strands.cohorts.states import CandidatureState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

AT_ONCE = 200


def to_begin(session: Session, now: datetime) -> Sequence[int]:
    """Return the ids of some of those who are admitted and whose registration has begun, the first of them first."""
    waiting = select(Candidature.id).where(
        Candidature.state == CandidatureState.ADMITTED, Candidature.registered_on <= london_day(now)
    )
    return session.scalars(waiting.order_by(Candidature.registered_on, Candidature.id).limit(AT_ONCE)).all()


def begin(session: Session, candidature_id: int, now: datetime) -> bool:
    """Let somebody be active since the day of registration; False where an organiser moved them, or it, meanwhile."""
    row = hold(session, candidature_id)
    if row.state is not CandidatureState.ADMITTED or row.registered_on > london_day(now):
        return False
    row.state_since = min(row.state_since, row.registered_on)
    move_on(session, row.id, CandidatureState.ACTIVE, on=row.registered_on, reason="", actor=NOBODY, now=now)
    return True
