"""Verbs of supervision meetings: log, change, take out; each by the researcher, under the record's lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.meetings.signed import MEETING
from programme.strands.cohorts.models import Signature, SupervisionMeeting
from programme.strands.cohorts.rights import CANDIDATURE, candidature_scope
from programme.strands.cohorts.signing.actions import ask, start_again
from programme.strands.cohorts.states import MEETING_MOVES, MeetingState
from programme.strands.cohorts.supervising.agreement import signer_of
from programme.strands.cohorts.supervising.queries import held, supervisions
from programme.strands.cohorts.supervising.rule import said

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature, Supervision

LONGEST_WORDS = 4_000
NOT_YOURS = "Only the researcher logs meetings."
GONE = "This meeting was taken out meanwhile."
AGREED = "A supervisor has agreed to this meeting: it cannot be taken out any more. Change it if something is wrong."


@dataclass(frozen=True, slots=True)
class Logged:
    """What is said of a meeting: the day, the ids of the supervisors who were there, and what was agreed."""

    met_on: date
    with_ids: frozenset[int]
    words: str


def log(session: Session, candidature_id: int, logged: Logged, *, actor: Actor, now: datetime) -> SupervisionMeeting:
    """Log a meeting, and ask who was there to agree to it. Refusal where it cannot have been."""
    row = own_record(session, candidature_id, actor)
    people = present(session, row, logged, today=london_day(now))
    refuse_second(session, row, logged.met_on)
    meeting = SupervisionMeeting(
        candidature_id=row.id,
        met_on=logged.met_on,
        words=logged.words,
        state=MeetingState.LOGGED,
        logged_at=now,
        changed_at=now,
    )
    session.add(meeting)
    session.flush()
    note(session, row, "logged a meeting", meeting, actor=actor, now=now)
    ask_those(session, row, meeting, people, actor=actor, now=now)
    return meeting


def change(
    session: Session, candidature_id: int, meeting_id: int, logged: Logged, *, actor: Actor, now: datetime
) -> SupervisionMeeting:
    """Change what is said of a meeting: whoever was there is asked again, links of before end."""
    row = own_record(session, candidature_id, actor)
    meeting = meeting_of(session, row, meeting_id)
    people = present(session, row, logged, today=london_day(now))
    refuse_second(session, row, logged.met_on, but=meeting.id)
    if (meeting.met_on, meeting.words) == (logged.met_on, logged.words) and asked(session, meeting) == logged.with_ids:
        return meeting
    start_again(session, (MEETING, meeting.id), now=now)
    others = Signature.person_id.not_in(logged.with_ids)
    session.execute(delete(Signature).where(*of_meeting(meeting), others), execution_options=PLAIN)
    meeting.met_on, meeting.words, meeting.changed_at = logged.met_on, logged.words, now
    if meeting.state is not MeetingState.LOGGED:
        move(meeting, MeetingState.LOGGED, moves=MEETING_MOVES)
    session.flush()
    note(session, row, "changed a meeting", meeting, actor=actor, now=now)
    ask_those(session, row, meeting, people, actor=actor, now=now)
    return meeting


def take_out(session: Session, candidature_id: int, meeting_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a meeting out that nobody has agreed to."""
    row = own_record(session, candidature_id, actor)
    meeting = meeting_of(session, row, meeting_id)
    if meeting.state is MeetingState.AGREED:
        raise Refusal(AGREED)
    note(session, row, "took out a meeting", meeting, actor=actor, now=now)
    session.execute(delete(Signature).where(*of_meeting(meeting)), execution_options=PLAIN)
    session.delete(meeting)
    session.flush()


PLAIN = {"synchronize_session": False}


def own_record(session: Session, candidature_id: int, actor: Actor) -> Candidature:
    """Return a record, locked, that is the actor's own."""
    row = hold(session, candidature_id)
    if actor.person_id is None or row.person_id != actor.person_id:
        raise Refusal(NOT_YOURS)
    return row


def present(session: Session, row: Candidature, logged: Logged, *, today: date) -> list[Supervision]:
    """Return who was there; Refusal where it is ahead, nobody was there, or somebody did not supervise then."""
    if logged.met_on > today:
        raise Refusal("This day is ahead. Log a meeting once it was held.", field="met_on")
    if not logged.with_ids:
        raise Refusal("Say with whom you met: one of them agrees to it.", field="people")
    found = [one for one in supervisions(session, [row.id])[row.id] if one.person_id in logged.with_ids]
    there = [one for one in found if held(one).runs(logged.met_on) and not held(one).is_over(today)]
    if {one.person_id for one in there} != logged.with_ids:
        raise Refusal(
            f"Not everybody whom you chose supervised on {said(logged.met_on)} and does now. Look at the day, or choose"
            " others.",
            field="people",
        )
    return there


def refuse_second(session: Session, row: Candidature, day: date, *, but: int | None = None) -> None:
    """Refuse a second meeting on one day."""
    same = select(SupervisionMeeting.id).where(
        SupervisionMeeting.candidature_id == row.id, SupervisionMeeting.met_on == day
    )
    if session.scalar(same if but is None else same.where(SupervisionMeeting.id != but)) is not None:
        raise Refusal(f"You logged a meeting on {said(day)} already. Change that one.", field="met_on")


def meeting_of(session: Session, row: Candidature, meeting_id: int) -> SupervisionMeeting:
    """Return a meeting of a record as it is now; Refusal where it is gone."""
    wanted = select(SupervisionMeeting).where(
        SupervisionMeeting.id == meeting_id, SupervisionMeeting.candidature_id == row.id
    )
    found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise Refusal(GONE)
    return found


def of_meeting(meeting: SupervisionMeeting) -> tuple[Any, Any]:
    """Return the condition for the signatures under a meeting."""
    return Signature.subject_kind == MEETING, Signature.subject_id == meeting.id


def asked(session: Session, meeting: SupervisionMeeting) -> Collection[int]:
    """Return who is to agree to a meeting."""
    return frozenset(session.scalars(select(Signature.person_id).where(*of_meeting(meeting))))


def ask_those(
    session: Session,
    row: Candidature,
    meeting: SupervisionMeeting,
    people: Collection[Supervision],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Ask who was there to agree."""
    for one in people:
        signer = signer_of(row, one)
        ask(session, row, subject=(MEETING, meeting.id), signer=signer, person=one.person, actor=actor, now=now)


def note(
    session: Session, row: Candidature, verb: str, meeting: SupervisionMeeting, *, actor: Actor, now: datetime
) -> None:
    """Write an act upon a meeting into the trail of its record: the day, not what was agreed."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(CANDIDATURE, row.id),
        now=now,
        organisation_id=candidature_scope(row).lead,
        after={"on": meeting.met_on.isoformat()},
    )
