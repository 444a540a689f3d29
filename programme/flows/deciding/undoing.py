"""Undoing a decision about many: letters that wait are withdrawn and everybody stands as before, where that can be."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from programme.engines.registration.choosing.queries import next_by_choice, tally_for
from programme.engines.registration.deciding.keys import REGISTRATION
from programme.engines.registration.deciding.models import DecisionRound
from programme.engines.registration.deciding.queries import keyed_terms, paused_until
from programme.engines.registration.deciding.states import UNDONE_MOVES
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.queries import come_back, room_mates, tally_of
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState
from programme.engines.registration.waiting.filling import fill, moves_by_rule, touch_seats
from programme.flows.answering.coming_back import without_options
from programme.flows.deciding.before.chairs import give_chairs_back, go_without, lacking_ahead, lend_again
from programme.flows.deciding.before.standing import put_back
from programme.flows.notices.places.registrations import tell_promoted
from programme.flows.registering import ask_for_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.deciding.models import DecisionLine
    from programme.people.permissions import Actor

TAKEN = "Their place has gone to somebody else meanwhile."
OPTION_TAKEN = "What they chose has gone to somebody else meanwhile."
OTHERS = "Another university turned these keys: only its organisers can undo it."
TOO_LATE = "The letters of this decision have gone, so it stands. Decide anew about each, and tell them."
BEYOND = "They have their place back, though no place is left for them."


@dataclass(slots=True)
class Undone:
    """What came of it: who stands as before, and the sentences about those who do not.

    `remarks` are about those who do, but for a chair, or beyond the places.
    """

    done: list[Registration] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def undo_round(session: Session, round_id: int, *, actor: Actor, now: datetime) -> Undone:
    """Undo a round whose letters wait; Refusal where it is too late.

    A place left over is not given at once: for a while nobody moves up by themselves (`paused_until`).
    """
    made = session.get_one(DecisionRound, round_id)
    opening = actions.lock(session, made.opening_id)
    session.refresh(made)
    if made.undone_at is not None:
        raise Refusal("This decision has been undone already.")
    if made.letters_at <= now:
        raise Refusal(TOO_LATE)
    refuse_others_keys(session, made, actor=actor)
    undone = Undone()
    back: list[DecisionLine] = []
    chairs = fresh_chairs(session, made)
    for line in sorted(made.lines, key=lambda one: -one.id):
        problem = undo_line(session, line, made, undone, now=now)
        if problem:
            undone.problems.append(f"{whose_of(session, line, made)}: {problem}")
            continue
        back.append(line)
        row = session.get_one(Registration, line.registration_id)
        if row not in undone.done:
            undone.done.append(row)
            note(session, row, actor=actor, now=now)
    settled = set[int]()
    for line in reversed(back):
        said = lend_again(session, line, settled, now=now)
        undone.remarks += [f"{whose_of(session, line, made)}: {one}" for one in said]
    del chairs
    made.undone_at = now
    session.flush()
    tell_promoted(session, fill(session, opening, now=now), now=now)
    return undone


def pause_of(session: Session, opening: Opening, *, now: datetime) -> datetime | None:
    """Return until when nobody moves up by themselves; None where nobody would anyway."""
    until = paused_until(session, opening.id, now=now)
    if until is None or not moves_by_rule(session, opening, now=now):
        return None
    tally = tally_of(session, opening, now=now)
    would = next_by_choice(session, opening, tally) if opening.chooses is not None else tally.is_awaited
    return until if would else None


def fresh_chairs(session: Session, made: DecisionRound) -> Sequence[Seat]:
    """Read the chairs of everybody in a round as they are under the lock; held on to, nobody reads older ones."""
    ids = [line.registration_id for line in made.lines]
    found = select(Seat).where(Seat.registration_id.in_(ids)).execution_options(populate_existing=True)
    return session.scalars(found).all()


def whose_of(session: Session, line: DecisionLine, made: DecisionRound) -> str:
    """Name whom a line is about; of another opening that shares a room, nobody."""
    row = session.get_one(Registration, line.registration_id)
    return row.name if row.opening_id == made.opening_id else "Somebody of another opening"


def refuse_others_keys(session: Session, made: DecisionRound, *, actor: Actor) -> None:
    """Refuse to take back keys that another organisation turned."""
    ids = [key_id for line in made.lines for key_id in line.key_ids]
    scope = opening_scope(session.get_one(Opening, made.opening_id))
    turned = session.scalars(select(ApprovalKey).where(ApprovalKey.id.in_(ids))).all() if ids else ()
    if not all(holds(actor, key, scope) for key in turned):
        raise Refusal(OTHERS)


def undo_line(session: Session, line: DecisionLine, made: DecisionRound, undone: Undone, *, now: datetime) -> str:
    """Let one registration stand as before; returns why not, where it cannot."""
    row = session.get_one(Registration, line.registration_id, populate_existing=True)
    problem = obstacle(session, row, line, made, now=now)
    if problem:
        return problem
    if not withdraw_letters(session, line.letter_ids):
        return "The letter has gone already."
    for key_id in line.key_ids:
        approvals.take_back(session, key_id)
    said = list[str]()
    if takes_up(row, line):
        said += [BEYOND] if is_full(session, row, now=now) else []
        known = [one.id for one in undone.done]
        lacking = lacking_ahead(session, row, now=now)
        said += go_without(session, lacking, since=made.decided_at, known=known, now=now)
    if line.state_before is not row.state:
        move(row, line.state_before, moves=UNDONE_MOVES)
        put_back(row, line)
        touch_seats(row, now=now)
    give_chairs_back(row, line, now=now)
    undone.remarks += [f"{whose_of(session, line, made)}: {one}" for one in said]
    session.flush()
    ask_as_before(session, row, line, now=now)
    return ""


def ask_as_before(session: Session, row: Registration, line: DecisionLine, *, now: datetime) -> None:
    """Ask the universities on, with what their keys said; anew where that cannot be."""
    is_asked = row.state is not RegistrationState.PENDING or keyed_terms(session, row.opening) is not None
    if line.withdrawn_id is not None and is_asked:
        approvals.ask_on(session, line.withdrawn_id)
    if row.state is RegistrationState.PENDING and open_approval(session, REGISTRATION, row.id) is None:
        ask_for_keys(session, row, now=now)


def obstacle(session: Session, row: Registration, line: DecisionLine, made: DecisionRound, *, now: datetime) -> str:
    """Say what stands in the way of undoing; nothing where nothing does."""
    if row.person_id is None:
        return "Their data have been deleted."
    if row.state is not line.state_after or is_asked_anew(session, line):
        return "Something else has happened since, and stands."
    if row.state not in LIVE and line.state_before in LIVE and come_back(session, [row.id]):
        return "They have registered again meanwhile."
    if row.state not in LIVE and line.state_before in LIVE and without_options(session, row.opening, [row]):
        return OPTION_TAKEN
    if takes_up(row, line) and is_full(session, row, now=now):
        return TAKEN if has_been_taken(session, row, since=made.decided_at) else ""
    return ""


def takes_up(row: Registration, line: DecisionLine) -> bool:
    """Whether a place that was given up is to be theirs again."""
    return line.state_before in HOLDING and row.state not in HOLDING


def is_full(session: Session, row: Registration, *, now: datetime) -> bool:
    """Whether no place is left for somebody; who leaves from a date on takes none up any more."""
    return row.leaves_at is None and not tally_for(session, row, now=now).fits(row.counts_for_id, heads=row.heads)


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
