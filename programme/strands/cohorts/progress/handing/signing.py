"""Signing for milestones: who is asked after whom, and that the last signature makes it done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.transitions import move
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.progress.handing.signers import signers_of
from programme.strands.cohorts.states import MILESTONE_MOVES, MilestoneState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature, Milestone


def begin_signing(session: Session, row: Candidature, milestone: Milestone, *, actor: Actor, now: datetime) -> None:
    """Ask whoever signs first; where nobody does, the milestone is done."""
    del session, row, actor
    if not signers_of(milestone.rule):
        finish(milestone, now=now)


def forget_signing(session: Session, milestone: Milestone, *, now: datetime) -> None:
    """Let nobody have signed, and nobody be asked: what was to be signed has changed."""
    del session, milestone, now


def finish(milestone: Milestone, *, now: datetime) -> None:
    """Let a milestone be done today."""
    move(milestone, MilestoneState.DONE, moves=MILESTONE_MOVES)
    milestone.done_on, milestone.changed_at = london_day(now), now


def ask_following(session: Session, row: Candidature, *, actor: Actor, now: datetime) -> None:
    """Ask whoever signs next for each milestone of a record that waits, as who that is may have changed."""
    del session, row, actor, now
