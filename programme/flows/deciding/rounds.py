"""One decision about many at once: its letters wait a while, and until they go it may be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select, update

from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration import actions
from programme.engines.registration.deciding.models import DecisionLine, DecisionRound
from programme.engines.registration.models import Registration
from programme.engines.registration.queries import room_mates
from programme.engines.registration.states import RegistrationState
from programme.flows.roll.deciding import MARKS, Carried, Verdict, carry_out, concerned

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

WINDOW = timedelta(minutes=10)
KEPT = ("confirmed_at", "ended_at", "reason", "joined_at", "offered_at", "answer_by")
"""What of a registration a decision changes beside its state."""
NO_PLACE = {"confirmed_at": None, "offered_at": None, "answer_by": None}
REGISTRATION = Registration.__tablename__


@dataclass(frozen=True, slots=True)
class Decided:
    """What a round came to; `round` is empty where nobody was told anything, so that there is nothing to undo."""

    carried: Carried
    round: DecisionRound | None


@dataclass(frozen=True, slots=True)
class Stood:
    """How a registration stood before."""

    state: RegistrationState
    kept: Mapping[str, Any]


def decide_round(
    session: Session,
    opening_id: int,
    ids: Collection[int],
    verdict: Verdict,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    even_if_full: bool = False,
) -> Decided:
    """Decide alike about everybody concerned, and hold the letters for a while."""
    made = DecisionRound(
        opening_id=opening_id, person_id=actor.person_id, verdict=verdict, decided_at=now, letters_at=now + WINDOW
    )
    return decide_further(session, made, ids, actor=actor, now=now, reason=reason, even_if_full=even_if_full)


def decide_further(
    session: Session,
    made: DecisionRound,
    ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    even_if_full: bool = False,
) -> Decided:
    """Decide about more people in a round: one that is carried out in parts is undone as a whole."""
    opening_id, verdict = made.opening_id, Verdict(made.verdict)
    actions.lock(session, opening_id)
    rows = concerned(session, opening_id, ids)
    for row in rows:
        session.refresh(row)
    stood = {row.id: Stood(row.state, kept_of(row)) for row in rows}
    carried = carry_out(
        session, opening_id, ids, verdict, actor=actor, now=now, reason=reason, even_if_full=even_if_full
    )
    if verdict in MARKS or not carried.done:
        return Decided(carried, None)
    told = {line.registration_id for line in made.lines}
    followers = moved_up(session, opening_id, {row.id for row in carried.done} | told, now=now)
    stood |= {row.id: Stood(RegistrationState.WAITLISTED, {**kept_of(row), **NO_PLACE}) for row in followers}
    lines = [line_of(row, stood[row.id], follows=row in followers) for row in (*carried.done, *followers)]
    made.lines = [*made.lines, *lines]
    session.add(made)
    session.flush()
    note_letters_and_keys(session, lines, now=now, until=made.letters_at)
    return Decided(carried, made)


def moved_up(session: Session, opening_id: int, decided: Collection[int], *, now: datetime) -> Sequence[Registration]:
    """Return those who moved up by it, here and where a room is shared: nobody decided about them."""
    given = and_(Registration.state == RegistrationState.CONFIRMED, Registration.confirmed_at == now)
    offered = and_(Registration.state == RegistrationState.OFFERED, Registration.offered_at == now)
    around = Registration.opening_id.in_(room_mates(session, [opening_id]))
    found = select(Registration).where(around, or_(given, offered), Registration.id.not_in(decided))
    return session.scalars(found.order_by(Registration.id)).all()


def line_of(row: Registration, stood: Stood, *, follows: bool) -> DecisionLine:
    """Return what is kept of one registration of a round."""
    before = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in stood.kept.items()}
    return DecisionLine(
        registration_id=row.id, state_before=stood.state, state_after=row.state, before=before, follows=follows
    )


def kept_of(row: Registration) -> dict[str, Any]:
    """Return what a decision may change."""
    return {name: getattr(row, name) for name in KEPT}


def note_letters_and_keys(session: Session, lines: Sequence[DecisionLine], *, now: datetime, until: datetime) -> None:
    """Let the letters of a round wait, and note which they are, and which keys were turned."""
    ids = {line.registration_id: line for line in lines}
    told = (OutboxMessage.subject_kind == REGISTRATION, OutboxMessage.subject_id.in_(ids))
    queued = (OutboxMessage.created_at == now, OutboxMessage.state == OutboxState.PENDING)
    held = update(OutboxMessage).where(*told, *queued).values(due_at=until)
    for number, registration_id in session.execute(held.returning(OutboxMessage.id, OutboxMessage.subject_id)):
        line = ids[registration_id or 0]
        line.letter_ids = [*line.letter_ids, number]
    keys = select(ApprovalKey.id, Approval.subject_id).join(Approval, Approval.id == ApprovalKey.approval_id)
    turned = keys.where(
        Approval.subject_kind == REGISTRATION, Approval.subject_id.in_(ids), ApprovalKey.turned_at == now
    )
    for number, registration_id in session.execute(turned):
        line = ids[registration_id]
        line.key_ids = [*line.key_ids, number]
    session.flush()
