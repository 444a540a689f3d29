"""Verbs of references: named, asked, written, sent, declined, reminded; each under the admission's lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from programme.core.refusal import Refusal
from programme.core.tokens import new_version
from programme.core.transitions import move
from programme.engines.documents.actions import forget_all, forget_others, put_to, take_in
from programme.engines.documents.queries import document_of
from programme.engines.registration.states import LIVE
from programme.people.permissions import NOBODY
from programme.strands.cohorts.admission.letters.references import tell_asked, tell_due, tell_wanted
from programme.strands.cohorts.admission.locking import hold
from programme.strands.cohorts.admission.referees.naming import Known, Named, check_named
from programme.strands.cohorts.admission.referees.queries import (
    FILE_PART,
    REFERENCE,
    admission_of,
    due_soon,
    lacking_referees,
    referees_of,
    to_remind,
    unreminded,
)
from programme.strands.cohorts.admission.states import AWAITED, REFERENCE_MOVES, ReferenceState
from programme.strands.cohorts.admission.trail import note, note_about
from programme.strands.cohorts.models import Reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.shelf import Laid
    from programme.engines.registration.models import Registration
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Admission

S = ReferenceState
AT_ONCE = 50
FRESH = ("state", "person_id", "prove_by", "address", "name")
NOT_AGAIN_WITHIN = timedelta(days=2)
"""Whoever was written to so lately is not reminded by a button."""
NOT_LIVE = "This application has ended, so nobody is asked about it any more."
UNPROVED = "Show first that your address is yours: press “Keep my place” on the page of your application."
NOBODY_NAMED = "Name at least one referee who has not been asked yet."
EMPTY = "Write something, or choose a file, before you send it."
SENT = "Your reference was sent, and stays as it is. Write to the organisers if something in it is wrong."


@dataclass(frozen=True, slots=True)
class Written:
    """What a referee has written so far: `laid` is a file that lies on the shelf, new with this."""

    text: str
    laid: Laid | None = None
    takes_file_out: bool = False


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many were reminded: referees, and applicants who have to name some yet."""

    referees: int
    applicants: int


def name_referees(session: Session, registration: Registration, named: Sequence[Named], *, now: datetime) -> None:
    """Let an applicant say who is to be asked; those who were asked stay as they are."""
    del now
    admission = hold_for(session, registration)
    refuse_ended(registration)
    rows = referees_of(session, registration.id)
    known = [Known(row.address_key, row.state) for row in rows]
    check_named(named, known, wanted=admission.references_wanted, own_key=registration.address.casefold())
    kept = {row.address_key: row for row in rows if row.state is S.NOT_ASKED}
    for key, row in kept.items():
        if key not in {one.key for one in named}:
            session.delete(row)
    session.flush()
    for place, one in enumerate(named):
        row = kept.get(one.key) or Reference(
            registration_id=registration.id, address_key=one.key, state=S.NOT_ASKED, link_version=new_version()
        )
        row.name, row.address, row.position = one.name, one.address, place
        session.add(row)
    session.flush()


def ask_referees(session: Session, registration: Registration, *, actor: Actor, now: datetime) -> int:
    """Ask those whom an applicant named and nobody has asked yet, each by a link of their own; return how many."""
    admission = hold_for(session, registration)
    refuse_ended(registration)
    if registration.prove_by is not None:
        raise Refusal(UNPROVED)
    rows = [row for row in referees_of(session, registration.id) if row.state is S.NOT_ASKED]
    if not rows:
        raise Refusal(NOBODY_NAMED)
    for row in rows:
        move(row, S.ASKED, moves=REFERENCE_MOVES)
        row.asked_at = now
        tell_asked(session, admission, row, now=now)
    session.flush()
    note_about(session, registration, "asked referees", actor=actor, now=now, after={"people": len(rows)})
    return len(rows)


def save_reference(session: Session, reference_id: int, written: Written, *, now: datetime) -> Reference:
    """Keep what a referee has written so far, and the file that came with it; nobody reads it yet."""
    row = hold_reference(session, reference_id)
    refuse_sent(row)
    refuse_ended(row.registration)
    if row.state in {S.ASKED, S.DECLINED}:
        move(row, S.BEGUN, moves=REFERENCE_MOVES)
    row.text = written.text
    if written.laid is not None:
        document = take_in(session, written.laid, now=now)
        put_to(session, document.token, subject=(REFERENCE, row.id), part=FILE_PART, name=document.name)
        forget_others(session, (REFERENCE, row.id), kept=[document.token], now=now)
    elif written.takes_file_out:
        forget_all(session, REFERENCE, [row.id], now=now)
    session.flush()
    return row


def send_reference(session: Session, reference_id: int, written: Written, *, now: datetime) -> Reference:
    """Send a reference to those who read it; from then on it stays as it is."""
    row = save_reference(session, reference_id, written, now=now)
    if not row.text and document_of(session, (REFERENCE, row.id), part=FILE_PART) is None:
        raise Refusal(EMPTY, field="text")
    move(row, S.RECEIVED, moves=REFERENCE_MOVES)
    row.answered_at = now
    session.flush()
    note_about(session, row.registration, "sent a reference", actor=NOBODY, now=now)
    return row


def decline_reference(session: Session, reference_id: int, *, now: datetime) -> Reference:
    """Let a referee say no; what they began is forgotten. A second time changes nothing."""
    row = hold_reference(session, reference_id)
    refuse_sent(row)
    if row.state is S.DECLINED:
        return row
    move(row, S.DECLINED, moves=REFERENCE_MOVES)
    row.answered_at, row.text = now, ""
    forget_all(session, REFERENCE, [row.id], now=now)
    session.flush()
    note_about(session, row.registration, "declined a reference", actor=NOBODY, now=now)
    return row


def remind_referees(session: Session, admission_id: int, *, actor: Actor, now: datetime) -> Reminded:
    """Remind those who were asked and have not answered, and applicants who have not named enough; none too often."""
    admission = hold(session, admission_id)
    waiting = session.scalars(to_remind(admission, before=now - NOT_AGAIN_WITHIN)).all()
    for row in waiting:
        row.reminded_at = now
        tell_due(session, admission, row, now=now)
    applicants = session.scalars(lacking_referees(admission)).all()
    told = sum(tell_wanted(session, admission, row, now=now) for row in applicants)
    session.flush()
    if waiting or told:
        after = {"referees": len(waiting), "applicants": told}
        note(session, admission, "reminded referees", actor=actor, now=now, after=after)
    return Reminded(len(waiting), told)


def remind_before_the_end(session: Session, now: datetime) -> int:
    """Remind each referee once by itself, some days before references are wanted; return how many letters it was."""
    done = 0
    for row in session.scalars(due_soon(now, limit=AT_ONCE)).all():
        claimed = update(Reference).where(Reference.id == row.id, unreminded(now), Reference.state.in_(AWAITED))
        if session.execute(claimed.values(reminded_at=now).returning(Reference.id)).first():
            session.refresh(row)
            tell_due(session, admission_of(session, row.registration), row, now=now)
            done += 1
    return done


def hold_for(session: Session, registration: Registration) -> Admission:
    """Lock the admission of an application, and read the application afresh."""
    admission = hold(session, admission_of(session, registration).id)
    session.refresh(registration, FRESH)
    return admission


def hold_reference(session: Session, reference_id: int) -> Reference:
    """Lock the admission that a reference is for, then read the reference afresh."""
    row = session.get_one(Reference, reference_id)
    hold_for(session, row.registration)
    session.refresh(row)
    return row


def refuse_ended(registration: Registration) -> None:
    """Refuse where nobody is to be asked about an application any more."""
    if registration.state not in LIVE or registration.person_id is None:
        raise Refusal(NOT_LIVE)


def refuse_sent(row: Reference) -> None:
    """Refuse to change what was sent."""
    if row.state is S.RECEIVED:
        raise Refusal(SENT)
