"""Verbs of reaching a milestone: handed in by the researcher, taken back, noted as done elsewhere, and undone.

No other day hangs on what is reached, so that nothing is reckoned again by it. What is taken back or undone is: while
it was done its day stood still, and the rulebook may not ask for it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.calendar.times import london_day
from programme.engines.documents.queries import document_of
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.progress.handing.signing import begin_signing, forget_signing
from programme.strands.cohorts.progress.noting import note
from programme.strands.cohorts.progress.queries import milestone_of
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.records.evidence import FILE_PART, keep_file
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.states import MILESTONE_MOVES, MilestoneState

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.shelf import Laid
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature, Milestone

NOT_OPEN = "It is handed in or done already, or does not apply."
NOT_HANDED_IN = "It is not waiting for signatures."
NOT_DONE = "It is not done."
NEEDS_FILE = "Add the file that shows it, such as the form or the certificate."


def hand_in(
    session: Session,
    candidature_id: int,
    milestone_id: int,
    *,
    words: str = "",
    laid: Laid | None = None,
    actor: Actor,
    now: datetime,
) -> Milestone:
    """Hand a milestone in, with its file where the rule wants one; whoever signs first is asked.

    Where the rule names nobody to sign, it is done by that.
    """
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    move(milestone, MilestoneState.HANDED_IN, moves=MILESTONE_MOVES, sentence=NOT_OPEN)
    if laid is not None:
        keep_file(session, (MILESTONE, milestone.id), laid, now=now)
    elif milestone.rule.needs_evidence and document_of(session, (MILESTONE, milestone.id), part=FILE_PART) is None:
        raise Refusal(NEEDS_FILE, field="file")
    milestone.words, milestone.changed_at = words, now
    note(session, row, "handed in a milestone", actor=actor, now=now, after={"milestone": milestone.rule.title})
    begin_signing(session, row, milestone, now=now)
    session.flush()
    return milestone


def take_back(session: Session, candidature_id: int, milestone_id: int, *, actor: Actor, now: datetime) -> Milestone:
    """Take back what was handed in, to change it; nobody is asked to sign it any more."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    if milestone.state is not MilestoneState.HANDED_IN:
        raise Refusal(NOT_HANDED_IN)
    open_again(session, milestone, now=now)
    note(session, row, "took a milestone back", actor=actor, now=now, before={"milestone": milestone.rule.title})
    renew_milestones(session, [row.id], now=now)
    return milestone


def record_done(
    session: Session,
    candidature_id: int,
    milestone_id: int,
    *,
    done_on: date,
    words: str,
    actor: Actor,
    now: datetime,
) -> Milestone:
    """Note that a milestone was reached on a day, as happened outside the programme: words say what."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    check_day(row, done_on, today=london_day(now))
    move(milestone, MilestoneState.DONE, moves=MILESTONE_MOVES, sentence=NOT_OPEN)
    forget_signing(session, milestone, now=now)
    milestone.done_on, milestone.words, milestone.changed_at = done_on, words, now
    after = {"milestone": milestone.rule.title, "done": plain_day(done_on)}
    note(session, row, "noted a milestone as done", actor=actor, now=now, after=after)
    session.flush()
    return milestone


def undo(session: Session, candidature_id: int, milestone_id: int, *, actor: Actor, now: datetime) -> Milestone:
    """Open a milestone again that was done by mistake; its file stays with it."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    if milestone.state is not MilestoneState.DONE:
        raise Refusal(NOT_DONE)
    open_again(session, milestone, now=now)
    note(session, row, "opened a milestone again", actor=actor, now=now, before={"milestone": milestone.rule.title})
    renew_milestones(session, [row.id], now=now)
    return milestone


def open_again(session: Session, milestone: Milestone, *, now: datetime) -> None:
    """Let a milestone be open, as before anybody did anything about it."""
    move(milestone, MilestoneState.OPEN, moves=MILESTONE_MOVES)
    milestone.done_on, milestone.words, milestone.changed_at = None, "", now
    forget_signing(session, milestone, now=now)


def check_day(row: Candidature, done_on: date, *, today: date) -> None:
    """Refuse a day on which it cannot have been."""
    sentence = wrong_day(done_on, begun_on=row.registered_on, today=today)
    if sentence:
        raise Refusal(sentence, field="done_on")


def wrong_day(done_on: date, *, begun_on: date, today: date) -> str | None:
    """Say why something cannot have been done on a day; None where it can."""
    if done_on > today:
        return "That day is still to come. Enter the day on which it was done."
    if done_on < begun_on:
        return f"The course began on {plain_day(begun_on)}. Enter the day on which it was done."
    return None
