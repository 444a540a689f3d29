"""Undoing a decision about many: letters that wait are withdrawn and everybody stands as before, where that can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.approvals import actions as approvals
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.queries import open_approval
from programme.engines.approvals.rights import holds
from programme.engines.approvals.states import ApprovalState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration import actions
from programme.engines.registration.choosing.queries import tally_for
from programme.engines.registration.deciding.keys import REGISTRATION
from programme.engines.registration.deciding.models import DecisionRound
from programme.engines.registration.deciding.states import UNDONE_MOVES
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.queries import room_mates
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState
from programme.engines.registration.waiting.filling import fill, touch_seats
from programme.flows.notices.places.registrations import tell_promoted
from programme.flows.registering import ask_for_keys

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.registration.deciding.models import DecisionLine
    from programme.people.permissions import Actor

TAKEN = "Their place has gone to somebody else meanwhile."
OTHERS = "Another university turned these keys: only its organisers can undo it."
TOO_LATE = "The letters of this decision have gone, so it stands. Decide anew about each, and tell them."
INSTANTS = ("confirmed_at", "ended_at", "joined_at", "offered_at", "answer_by")


@dataclass(slots=True)
class Undone:
    """What came of it: who stands as before, and the sentences about those who do not."""

    done: list[Registration] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def undo_round(session: Session, round_id: int, *, actor: Actor, now: datetime) -> Undone:
    """Undo a round whose letters wait; Refusal where it is too late. A place left over goes to the next in line."""
    made = session.get_one(DecisionRound, round_id)
    opening = actions.lock(session, made.opening_id)
    session.refresh(made)
    if made.undone_at is not None:
        raise Refusal("This decision has been undone already.")
    if made.letters_at <= now:
        raise Refusal(TOO_LATE)
    refuse_others_keys(session, made, actor=actor)
    undone = Undone()
    for line in sorted(made.lines, key=lambda one: (not one.follows, -one.id)):
        problem = undo_line(session, line, made, now=now)
        row = session.get_one(Registration, line.registration_id)
        if problem:
            whose = row.name if row.opening_id == made.opening_id else "Somebody of another opening"
            undone.problems.append(f"{whose}: {problem}")
        else:
            undone.done.append(row)
            note(session, row, actor=actor, now=now)
    made.undone_at = now
    session.flush()
    tell_promoted(session, fill(session, opening, now=now), now=now)
    return undone


def refuse_others_keys(session: Session, made: DecisionRound, *, actor: Actor) -> None:
    """Refuse to take back keys that another organisation turned."""
    ids = [key_id for line in made.lines for key_id in line.key_ids]
    scope = opening_scope(session.get_one(Opening, made.opening_id))
    turned = session.scalars(select(ApprovalKey).where(ApprovalKey.id.in_(ids))).all() if ids else ()
    if not all(holds(actor, key, scope) for key in turned):
        raise Refusal(OTHERS)


def undo_line(session: Session, line: DecisionLine, made: DecisionRound, *, now: datetime) -> str:
    """Let one registration stand as before; returns why not, where it cannot."""
    row = session.get_one(Registration, line.registration_id, populate_existing=True)
    problem = obstacle(session, row, line, made, now=now)
    if problem:
        return problem
    if not withdraw_letters(session, line.letter_ids):
        return "The letter has gone already."
    for key_id in line.key_ids:
        approvals.take_back(session, key_id)
    if line.state_before is not row.state:
        move(row, line.state_before, moves=UNDONE_MOVES)
        for name, value in line.before.items():
            setattr(row, name, datetime.fromisoformat(value) if name in INSTANTS and value else value)
        touch_seats(row, now=now)
    session.flush()
    if row.state is RegistrationState.PENDING and open_approval(session, REGISTRATION, row.id) is None:
        ask_for_keys(session, row, now=now)
    return ""


def obstacle(session: Session, row: Registration, line: DecisionLine, made: DecisionRound, *, now: datetime) -> str:
    """Say what stands in the way of undoing; nothing where nothing does."""
    if row.person_id is None:
        return "Their data have been deleted."
    if row.state is not line.state_after or is_asked_anew(session, line):
        return "Something else has happened since, and stands."
    if row.state not in LIVE and line.state_before in LIVE and has_come_back(session, row):
        return "They have registered again meanwhile."
    if line.state_before in HOLDING and row.state not in HOLDING:
        is_full = not tally_for(session, row, now=now).fits(row.counts_for_id, heads=row.heads)
        return TAKEN if is_full and has_been_taken(session, row, since=made.decided_at) else ""
    return ""


def is_asked_anew(session: Session, line: DecisionLine) -> bool:
    """Whether the decision that keys were turned for is not asked any more."""
    of_keys = select(ApprovalKey.approval_id).where(ApprovalKey.id.in_(line.key_ids))
    gone = select(Approval.id).where(Approval.id.in_(of_keys), Approval.state == ApprovalState.WITHDRAWN)
    return bool(line.key_ids) and session.scalar(gone.limit(1)) is not None


def has_been_taken(session: Session, row: Registration, *, since: datetime) -> bool:
    """Whether somebody got a place since, here or in a shared room: not who was beyond the places before."""
    around = Registration.opening_id.in_(room_mates(session, [row.opening_id]))
    given = or_(Registration.confirmed_at >= since, Registration.offered_at >= since)
    later = (Registration.state.in_(HOLDING), given)
    return session.scalar(select(Registration.id).where(around, *later).limit(1)) is not None


def has_come_back(session: Session, row: Registration) -> bool:
    """Whether somebody has registered anew since theirs ended."""
    live = (Registration.state.in_(LIVE), Registration.id != row.id)
    same = (Registration.opening_id == row.opening_id, Registration.person_id == row.person_id)
    return session.scalar(select(Registration.id).where(*same, *live).limit(1)) is not None


def withdraw_letters(session: Session, ids: list[int]) -> bool:
    """Withdraw letters that wait; False, and they go as they were, where one of them has left."""
    if not ids:
        return True
    waiting = (OutboxMessage.state == OutboxState.PENDING, OutboxMessage.attempts == 0)
    taken = update(OutboxMessage).where(OutboxMessage.id.in_(ids), *waiting).values(state=OutboxState.CANCELLED)
    found = session.scalars(taken.returning(OutboxMessage.id)).all()
    if len(found) < len(ids):
        back = update(OutboxMessage).where(OutboxMessage.id.in_(found)).values(state=OutboxState.PENDING)
        session.execute(back)
        return False
    return True


def note(session: Session, row: Registration, *, actor: Actor, now: datetime) -> None:
    """Write into the trail that a decision about somebody was undone."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb="undid a decision",
        subject=(Registration.__tablename__, row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        after={"state": row.state.value},
    )
