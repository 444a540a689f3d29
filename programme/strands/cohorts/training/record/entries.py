"""Verbs of a training record: hand in what one came to, declare what one did elsewhere, change it, take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.calendar.times import london_day
from programme.engines.documents.actions import forget_all
from programme.engines.documents.queries import document_of
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Candidature, Signature, TrainingEntry
from programme.strands.cohorts.records.evidence import FILE_PART, keep_file
from programme.strands.cohorts.rights import CANDIDATURE, TRAINING_ENTRY, candidature_scope
from programme.strands.cohorts.signing.actions import ask, start_again
from programme.strands.cohorts.states import TRAINING_MOVES, Signer, TrainingEvidence, TrainingState
from programme.strands.cohorts.training.frameworks.queries import framework_now
from programme.strands.cohorts.training.record.drafting import came_to
from programme.strands.cohorts.training.record.queries import organisers_of, primary_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.shelf import Laid
    from programme.people.permissions import Actor
    from programme.strands.cohorts.training.events.actions import Worth

NOT_PRESENT = "You are not marked as present at this event. Ask its organisers to put that right."
IN_ALREADY = "This is handed in already."
GONE = "This line of the record is not there any more."
AGREED = "Your supervisor has assented to this: it stays as it is. Ask an organiser if something is wrong with it."
NO_EVIDENCE = "Add a file that shows it, such as the certificate, or a link to its page."
ENDS_FIRST = "It ends before it begins. Put the days right."
TO_COME = "This is still to come. Enter it once you have been there."
TOO_EARLY = "The course began on {day}. Only training since then counts."


@dataclass(frozen=True, slots=True)
class Declared:
    """Training elsewhere, as somebody declares it."""

    title: str
    begins_on: date
    ends_on: date
    worth: Worth
    organiser: str = ""
    link: str = ""
    note: str = ""


def hand_in(
    session: Session, candidature_id: int, event_id: int, *, note: str = "", actor: Actor, now: datetime
) -> TrainingEntry:
    """Hand in an event that one came to, as it is worth now; the primary supervisor at home is asked."""
    row = hold(session, candidature_id)
    known = select(TrainingEntry.id).where(TrainingEntry.candidature_id == row.id, TrainingEntry.event_id == event_id)
    if session.scalar(known) is not None:
        raise Refusal(IN_ALREADY)
    came = came_to(session, candidature_id, event_id)
    if came is None:
        raise Refusal(NOT_PRESENT)
    entry = TrainingEntry(
        candidature_id=row.id,
        event_id=event_id,
        evidence=TrainingEvidence.CHECK_IN,
        title=came.event.title,
        begins_on=came.day,
        ends_on=came.last,
        minutes=came.worth.minutes,
        framework_id=came.worth.framework_id,
        codes=list(came.worth.codes),
        item=came.worth.item,
        organiser=organisers_of(came.event),
        note=note,
    )
    return handed_in(session, row, entry, verb="handed in training", actor=actor, now=now)


def declare(
    session: Session,
    candidature_id: int,
    declared: Declared,
    *,
    laid: Laid | None = None,
    actor: Actor,
    now: datetime,
) -> TrainingEntry:
    """Declare training elsewhere, with a file or a link that shows it; the primary supervisor at home is asked."""
    row = hold(session, candidature_id)
    check(row, declared, today=london_day(now))
    if laid is None and not declared.link:
        raise Refusal(NO_EVIDENCE, field="file")
    entry = TrainingEntry(candidature_id=row.id, evidence=evidence_of(has_file=laid is not None))
    write(session, entry, declared)
    return handed_in(session, row, entry, laid=laid, verb="handed in training", actor=actor, now=now)


def enter(session: Session, candidature_id: int, declared: Declared, *, actor: Actor, now: datetime) -> TrainingEntry:
    """Enter training that an organiser knows of: it counts at once."""
    row = hold(session, candidature_id)
    check(row, declared, today=london_day(now))
    entry = TrainingEntry(
        candidature_id=row.id,
        evidence=TrainingEvidence.ORGANISER,
        state=TrainingState.AGREED,
        handed_in_at=now,
        changed_at=now,
    )
    write(session, entry, declared)
    session.add(entry)
    session.flush()
    noted(session, row, "entered training", actor=actor, now=now)
    return entry


def change(
    session: Session,
    candidature_id: int,
    entry_id: int,
    declared: Declared | None = None,
    *,
    note: str = "",
    laid: Laid | None = None,
    actor: Actor,
    now: datetime,
) -> TrainingEntry:
    """Change what is not assented to, and hand it in again. Of an event of ours only the `note` changes."""
    row = hold(session, candidature_id)
    entry = entry_of(session, row.id, entry_id)
    refuse_agreed(entry)
    if declared is None or entry.evidence is TrainingEvidence.CHECK_IN:
        entry.note = note
    else:
        check(row, declared, today=london_day(now))
        has_file = laid is not None or document_of(session, (TRAINING_ENTRY, entry.id), part=FILE_PART) is not None
        if not has_file and not declared.link:
            raise Refusal(NO_EVIDENCE, field="file")
        entry.evidence = evidence_of(has_file=has_file)
        write(session, entry, declared)
    start_again(session, (TRAINING_ENTRY, entry.id), now=now)
    if entry.state is TrainingState.REFUSED:
        move(entry, TrainingState.HANDED_IN, moves=TRAINING_MOVES)
    entry.comment = ""
    return handed_in(session, row, entry, laid=laid, verb="changed training", actor=actor, now=now)


def take_back(session: Session, candidature_id: int, entry_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a line back that is not assented to: one of an event of ours waits to be handed in again."""
    row = hold(session, candidature_id)
    entry = entry_of(session, row.id, entry_id)
    refuse_agreed(entry)
    forget_all(session, TRAINING_ENTRY, [entry.id], now=now)
    asked = delete(Signature).where(Signature.subject_kind == TRAINING_ENTRY, Signature.subject_id == entry.id)
    session.execute(asked.execution_options(synchronize_session=False))
    session.delete(entry)
    session.flush()
    noted(session, row, "took training back", actor=actor, now=now)


def handed_in(
    session: Session,
    row: Candidature,
    entry: TrainingEntry,
    *,
    laid: Laid | None = None,
    verb: str,
    actor: Actor,
    now: datetime,
) -> TrainingEntry:
    """Keep an entry with its file, and ask the primary supervisor where one is named; without one it waits."""
    entry.handed_in_at = entry.changed_at = now
    session.add(entry)
    session.flush()
    if laid is not None:
        keep_file(session, (TRAINING_ENTRY, entry.id), laid, now=now)
    noted(session, row, verb, actor=actor, now=now)
    primary = primary_of(session, row, today=london_day(now))
    if primary is not None:
        subject = (TRAINING_ENTRY, entry.id)
        ask(session, row, subject=subject, signer=Signer.SUPERVISOR, person=primary, actor=actor, now=now)
    return entry


def write(session: Session, entry: TrainingEntry, declared: Declared) -> None:
    """Write what was declared into an entry."""
    entry.title, entry.organiser = declared.title, declared.organiser
    entry.begins_on, entry.ends_on = declared.begins_on, declared.ends_on
    entry.minutes, entry.codes, entry.item = declared.worth.minutes, list(declared.worth.codes), declared.worth.item
    entry.framework_id = framework_now(session).id
    entry.link, entry.note = declared.link, declared.note


def evidence_of(*, has_file: bool) -> TrainingEvidence:
    """Return what shows it: a certificate is a file."""
    return TrainingEvidence.CERTIFICATE if has_file else TrainingEvidence.SELF_DECLARED


def check(row: Candidature, declared: Declared, *, today: date) -> None:
    """Refuse days on which it cannot have been."""
    if declared.ends_on < declared.begins_on:
        raise Refusal(ENDS_FIRST, field="ends_on")
    if declared.ends_on > today:
        raise Refusal(TO_COME, field="ends_on")
    if declared.begins_on < row.registered_on:
        begun = f"{row.registered_on.day} {row.registered_on:%B} {row.registered_on.year}"
        raise Refusal(TOO_EARLY.format(day=begun), field="begins_on")


def entry_of(session: Session, candidature_id: int, entry_id: int) -> TrainingEntry:
    """Return a line of a record as it is now; Refusal where it is gone."""
    entry = session.get(TrainingEntry, entry_id, populate_existing=True)
    if entry is None or entry.candidature_id != candidature_id:
        raise Refusal(GONE)
    return entry


def refuse_agreed(entry: TrainingEntry) -> None:
    """Refuse to change what was assented to."""
    if entry.state is TrainingState.AGREED:
        raise Refusal(AGREED)


def noted(session: Session, row: Candidature, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write an act into the trail of the record; what it was about is for fewer people to read."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(CANDIDATURE, row.id),
        now=now,
        organisation_id=candidature_scope(row).lead,
    )
