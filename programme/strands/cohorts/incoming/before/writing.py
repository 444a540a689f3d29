"""Writes what was before onto records that are locked: nobody is asked to sign what was done, and nobody written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.transitions import move
from programme.people.affiliations import person_for
from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.milestones.reckoning import ONCE
from programme.strands.cohorts.models import Extension, Supervision, Suspension
from programme.strands.cohorts.progress.moving.suspending import length
from programme.strands.cohorts.progress.noting import note
from programme.strands.cohorts.signing.actions import start_again
from programme.strands.cohorts.states import MILESTONE_MOVES, MilestoneState
from programme.strands.cohorts.supervising.actions import note as note_supervision
from programme.strands.cohorts.supervising.actions import told
from programme.strands.cohorts.supervising.signed import AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.incoming.before.facts import Before
    from programme.strands.cohorts.milestones.units import Units
    from programme.strands.cohorts.models import Candidature

BROUGHT_IN = "Brought in as done on "
"""How the words of a milestone begin that was done before its record was here: by nobody who had a part in it here."""
NOT_NOW = "A milestone changed meanwhile. Look at the file again."


def write_course(session: Session, row: Candidature, before: Before, *, now: datetime) -> None:
    """Write suspensions and more time, from which milestones are reckoned afterwards."""
    for rest in before.rests:
        row.suspensions.append(Suspension(first_unit=rest.first, units=rest.units, reason=rest.reason, granted_at=now))
    for one in before.more:
        row.extensions.append(Extension(code=one.code, units=one.units, reason=one.reason, granted_at=now))
    session.flush()


def write_people(session: Session, row: Candidature, before: Before, *, actor: Actor, now: datetime) -> None:
    """Write who supervises; the agreement, if it was signed, has to be signed again."""
    for one in before.people:
        person = person_for(session, address=one.address, name=one.name, now=now)
        new = Supervision(
            candidature_id=row.id,
            person_id=person.id,
            role=one.role,
            organisation_id=one.organisation_id,
            share=one.share,
            begins_on=one.begins_on,
            ends_on=one.ends_on,
        )
        session.add(new)
        session.flush()
        note_supervision(session, row, "added a supervisor", actor=actor, now=now, after=told(new))
    if before.people:
        start_again(session, (AGREEMENT, row.id), now=now)


def write_milestones(row: Candidature, before: Before, *, filename: str, now: datetime) -> None:
    """Write what is done, what does not apply, and the day of the last one, onto milestones that are reckoned."""
    kept = {(one.code, one.occurrence): one for one in row.milestones}
    for mark in before.marks:
        milestone = kept[mark.code, mark.occurrence]
        target = MilestoneState.DONE if mark.done_on else MilestoneState.EXEMPT
        move(milestone, target, moves=MILESTONE_MOVES, sentence=NOT_NOW)
        milestone.done_on, milestone.changed_at = mark.done_on, now
        day = plain_day(mark.done_on) if mark.done_on else ""
        milestone.words = f"{BROUGHT_IN}{day}, from “{filename}”." if day else mark.exempt
    if before.deadline:
        last = kept[before.deadline.code, ONCE]
        last.set_on, last.changed_at = before.deadline.day, now
        last.set_reason = f"The submission deadline as it stood in “{filename}”."


def note_before(
    session: Session, row: Candidature, before: Before, units: Units, *, actor: Actor, now: datetime
) -> None:
    """Write into the trail what was brought in: not why, which stays in the record."""
    after = dict(said(before, units))
    if after:
        note(session, row, "history brought in", actor=actor, now=now, after=after)


def said(before: Before, units: Units) -> Iterator[tuple[str, str]]:
    """Give what the trail tells of it."""
    for mark in before.marks:
        how = f"brought in as done on {plain_day(mark.done_on)}" if mark.done_on else "brought in as not applying"
        yield mark.title, how
    rests = [f"{length(one.units, units)} from {units.name(one.first)}" for one in before.rests]
    if rests:
        yield "suspended", "; ".join(rests)
    more = [f"{one.title} by {length(one.units, units)}" for one in before.more]
    if more:
        yield "extended", "; ".join(more)
    if before.deadline:
        yield before.deadline.title, f"due on {plain_day(before.deadline.day)}, set by hand"
