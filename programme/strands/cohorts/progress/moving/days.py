"""Verbs of days set by hand: they count instead of what is reckoned, until they are taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.progress.noting import note
from programme.strands.cohorts.progress.queries import NOT_OPEN, milestone_of
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import UNREACHED

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature, Milestone

FURTHEST = timedelta(days=20 * 366)
NONE_SET = "No day is set by hand: it is reckoned."
NEEDS_REASON = "Say why the day is another than the rulebook’s."


def set_day(
    session: Session, candidature_id: int, milestone_id: int, day: date, *, reason: str, actor: Actor, now: datetime
) -> Milestone:
    """Set the day of a milestone by hand. Refusal without a reason, or for a day outside the course."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    check(row, milestone, day, reason=reason)
    before, after = told(milestone), {"milestone": milestone.rule.title, "due": plain_day(day)}
    milestone.set_on, milestone.set_reason, milestone.changed_at = day, reason, now
    note(session, row, "set the day of a milestone", actor=actor, now=now, before=before, after=after)
    renew_milestones(session, [row.id], now=now)
    return milestone


def reckon_again(session: Session, candidature_id: int, milestone_id: int, *, actor: Actor, now: datetime) -> Milestone:
    """Take back a day that was set by hand: what is reckoned counts again."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    if milestone.set_on is None:
        raise Refusal(NONE_SET)
    before = told(milestone)
    milestone.set_on, milestone.set_reason, milestone.changed_at = None, "", now
    note(session, row, "took back the day of a milestone", actor=actor, now=now, before=before)
    renew_milestones(session, [row.id], now=now)
    return milestone


def check(row: Candidature, milestone: Milestone, day: date, *, reason: str) -> None:
    """Refuse a day that cannot be meant."""
    if milestone.state not in UNREACHED:
        raise Refusal(NOT_OPEN)
    if not reason:
        raise Refusal(NEEDS_REASON, field="reason")
    if day < row.registered_on:
        raise Refusal(f"The course began on {plain_day(row.registered_on)}. Enter a later day.", field="day")
    if day > row.registered_on + FURTHEST:
        raise Refusal("This is more than twenty years after the course began. Check the year.", field="day")


def told(milestone: Milestone) -> dict[str, str]:
    """Return what the trail tells of the day a milestone had."""
    due = plain_day(milestone.due_on) if milestone.due_on else "not known"
    return {"milestone": milestone.rule.title, "due": due}
