"""Verbs of what does not apply to somebody: exempted with a reason, and asked of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.progress.noting import note
from programme.strands.cohorts.progress.queries import milestone_of
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import MILESTONE_MOVES, MilestoneState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Milestone

NOT_NOW = "Only what is still ahead can be left out. Take back what was handed in or done first."
NOT_EXEMPT = "It applies already."
NEEDS_REASON = "Say why it does not apply."


def exempt(
    session: Session, candidature_id: int, milestone_id: int, *, reason: str, actor: Actor, now: datetime
) -> Milestone:
    """Say that a milestone does not apply to somebody, and why."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    if not reason:
        raise Refusal(NEEDS_REASON, field="reason")
    move(milestone, MilestoneState.EXEMPT, moves=MILESTONE_MOVES, sentence=NOT_NOW)
    milestone.words, milestone.changed_at = reason, now
    after = {"milestone": milestone.rule.title}
    note(session, row, "exempted from a milestone", actor=actor, now=now, after=after)
    renew_milestones(session, [row.id], now=now)
    return milestone


def ask_again(session: Session, candidature_id: int, milestone_id: int, *, actor: Actor, now: datetime) -> Milestone:
    """Take an exemption back: the milestone is asked for again."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    if milestone.state is not MilestoneState.EXEMPT:
        raise Refusal(NOT_EXEMPT)
    move(milestone, MilestoneState.OPEN, moves=MILESTONE_MOVES)
    milestone.words, milestone.changed_at = "", now
    before = {"milestone": milestone.rule.title}
    note(session, row, "took an exemption back", actor=actor, now=now, before=before)
    renew_milestones(session, [row.id], now=now)
    return milestone
