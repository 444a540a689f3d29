"""Verbs of signatures: ask, answer, start again; each under the lock of the record that the thing belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.rights import CANDIDATURE, candidature_scope
from programme.strands.cohorts.signing.standing import standing
from programme.strands.cohorts.signing.telling import tell_answered, tell_asked
from programme.strands.cohorts.states import SIGNATURE_MOVES, SignatureState, Signer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.signing.ports import SignedThings

LONGEST_REASON = 2_000
ENDED = "This is not asked of you any more: what was to be signed has changed, or somebody else signs it."
SIGNED = "You have agreed to this already. Write to whoever asked you if you see it otherwise now."
WHY = "Say why you refuse: whoever asked reads it."
TOO_LONG = f"Keep the reason to {LONGEST_REASON:,} characters."
NOT_YOURS = "Only whoever is asked signs this."
NO_MORE = {
    Signer.SUPERVISOR: "{name} does not supervise here any more. Ask somebody who does.",
    Signer.PARTNER_SUPERVISOR: "{name} does not supervise here any more. Ask somebody who does.",
    Signer.COLLEGE: "{name} is no college adviser here any more. Ask somebody who is.",
    Signer.DEPARTMENT: "{name} is not who approves for the department. Name them on the record first.",
    Signer.RESEARCHER: "{name} is not whose record this is.",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """A signature after an answer; `changed` is false where the same was said before."""

    signature: Signature
    changed: bool


def ask(  # the thing, as what, and who are three facts of one signature
    session: Session,
    candidature: Candidature,
    *,
    subject: tuple[str, int],
    signer: Signer,
    person: Person,
    actor: Actor,
    now: datetime,
) -> Signature:
    """Ask somebody to sign a thing (`subject` is its kind and id), or ask again; whoever has agreed is left alone.

    Asked again, they get another letter, one a day at most. After a refusal links of before end. Refusal where they
    are not (any more) what they would sign as.
    """
    hold(session, candidature.id)
    row = found(session, subject, signer, person) or added(session, candidature, subject, signer, person)
    if row.state is SignatureState.AGREED:
        return row
    if not standing(session, [row.id], today=london_day(now)):
        raise Refusal(NO_MORE[signer].format(name=person.name or person.address))
    if row.state is SignatureState.REFUSED:
        row.link_version += 1
    if row.state is not SignatureState.ASKED:
        move(row, SignatureState.ASKED, moves=SIGNATURE_MOVES)
    row.asked_by_id, row.asked_at, row.answered_at, row.reason = actor.person_id, now, None, ""
    session.flush()
    noted(session, row, "asked for a signature", person_id=actor.person_id, now=now)
    tell_asked(session, row, now=now)
    return row


def found(session: Session, subject: tuple[str, int], signer: Signer, person: Person) -> Signature | None:
    """Return somebody's signature under a thing as it is now, if there is one."""
    kind, number = subject
    wanted = select(Signature).where(Signature.subject_kind == kind, Signature.subject_id == number)
    own = wanted.where(Signature.signer == signer, Signature.person_id == person.id)
    return session.scalars(own.execution_options(populate_existing=True)).one_or_none()


def added(
    session: Session, candidature: Candidature, subject: tuple[str, int], signer: Signer, person: Person
) -> Signature:
    """Add a signature that is not asked for yet."""
    kind, number = subject
    row = Signature(candidature_id=candidature.id, subject_kind=kind, subject_id=number, signer=signer)
    row.person_id, row.state = person.id, SignatureState.NOT_ASKED
    session.add(row)
    session.flush()
    return row


def answer(
    session: Session,
    signature: Signature,
    *,
    agrees: bool,
    reason: str = "",
    things: SignedThings,
    actor: Actor,
    now: datetime,
) -> Answered:
    """Agree or refuse: only whoever is asked, a refusal with its reason. What was said before is told, not doubled."""
    hold(session, signature.candidature_id)
    row = fresh(session, signature.id)
    if actor.person_id != row.person_id:
        raise Refusal(NOT_YOURS)
    says = SignatureState.AGREED if agrees else SignatureState.REFUSED
    if row.state is says:
        return Answered(row, changed=False)
    refuse_wrong_answer(session, row, agrees=agrees, reason=reason.strip(), now=now)
    move(row, says, moves=SIGNATURE_MOVES, sentence=SIGNED)
    row.answered_at, row.reason = now, "" if agrees else reason.strip()
    session.flush()
    verb = "signed" if agrees else "refused to sign"
    noted(session, row, verb, person_id=row.person_id, now=now)
    things[row.subject_kind].on_answered(session, row, actor=actor, now=now)
    tell_answered(session, row, now=now)
    return Answered(row, changed=True)


def fresh(session: Session, signature_id: int) -> Signature:
    """Return a signature as it is now; Refusal where it is gone."""
    wanted = select(Signature).where(Signature.id == signature_id).execution_options(populate_existing=True)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise Refusal(ENDED)
    return row


def refuse_wrong_answer(session: Session, row: Signature, *, agrees: bool, reason: str, now: datetime) -> None:
    """Refuse an answer to what is not asked any more, and a refusal without its reason."""
    if row.state is SignatureState.NOT_ASKED or not standing(session, [row.id], today=london_day(now)):
        raise Refusal(ENDED)
    if not agrees and not reason:
        raise Refusal(WHY, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(TOO_LONG, field="reason")


def start_again(session: Session, subject: tuple[str, int], *, now: datetime) -> int:
    """Let nobody have signed a thing, as it has changed: links of before end. Return how many signatures were given.

    For a verb that holds the record already.
    """
    del now
    kind, number = subject
    rows = select(Signature).where(Signature.subject_kind == kind, Signature.subject_id == number)
    given = 0
    for row in session.scalars(rows.order_by(Signature.id).execution_options(populate_existing=True)):
        given += row.state is SignatureState.AGREED
        if row.state is not SignatureState.NOT_ASKED:
            move(row, SignatureState.NOT_ASKED, moves=SIGNATURE_MOVES)
        row.link_version += 1
        row.asked_at = row.answered_at = row.asked_by_id = None
        row.reason = ""
    session.flush()
    return given


def noted(session: Session, row: Signature, verb: str, *, person_id: int | None, now: datetime) -> None:
    """Write an act upon a signature into the trail of its record."""
    audit.record(
        session,
        person_id=person_id,
        verb=verb,
        subject=(CANDIDATURE, row.candidature_id),
        now=now,
        organisation_id=candidature_scope(row.candidature).lead,
        after={"for": row.subject_kind.replace("_", " "), "as": row.signer.value.replace("_", " ")},
    )
