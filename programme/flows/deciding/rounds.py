"""One decision about many at once: its letters wait a while, and until they go it may be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select, update

from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.states import ApprovalState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration import actions
from programme.engines.registration.deciding.models import DecisionRound
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.queries import room_mates
from programme.engines.registration.states import HOLDING, RegistrationState, SeatState
from programme.flows.deciding.before.standing import (
    PLAIN,
    Stood,
    chairs_of,
    kept_of,
    line_of,
    stood_before,
    waiting_apart,
)
from programme.flows.roll.deciding import MARKS, PLAINLY, Carried, Manner, Verdict, carry_out, concerned

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.registration.deciding.models import DecisionLine
    from programme.people.permissions import Actor

WINDOW = timedelta(minutes=10)
REGISTRATION = Registration.__tablename__
R = RegistrationState


@dataclass(frozen=True, slots=True)
class Decided:
    """What a round came to; `round` is empty where nobody was told anything, so that there is nothing to undo."""

    carried: Carried
    round: DecisionRound | None


def decide_round(
    session: Session,
    opening_id: int,
    ids: Collection[int],
    verdict: Verdict,
    *,
    actor: Actor,
    now: datetime,
    manner: Manner = PLAINLY,
) -> Decided:
    """Decide alike about everybody concerned, and hold the letters for a while."""
    made = DecisionRound(
        opening_id=opening_id, person_id=actor.person_id, verdict=verdict, decided_at=now, letters_at=now + WINDOW
    )
    return decide_further(session, made, ids, actor=actor, now=now, manner=manner)


def decide_further(
    session: Session,
    made: DecisionRound,
    ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    manner: Manner = PLAINLY,
) -> Decided:
    """Decide about more people in a round: one that is carried out in parts is undone as a whole."""
    opening_id, verdict = made.opening_id, Verdict(made.verdict)
    actions.lock(session, opening_id)
    rows = concerned(session, opening_id, ids)
    for row in rows:
        session.refresh(row)
    stood = stood_before(session, rows)
    around = room_mates(session, [opening_id])
    apart = waiting_apart(session, around) if frees(stood) else {}
    carried = carry_out(session, opening_id, ids, verdict, actor=actor, now=now, manner=manner)
    if verdict in MARKS or not carried.done:
        return Decided(carried, None)
    followers = moved_up(session, around, {row.id for row in carried.done}, now=now)
    stood = {row.id: apart.get(row.id) or Stood(R.WAITLISTED, {**kept_of(row), **PLAIN}) for row in followers} | stood
    lines = lines_of(session, made, carried.done, followers, stood)
    made.lines = [*made.lines, *lines]
    session.add(made)
    session.flush()
    note_letters_and_keys(session, lines, now=now, until=made.letters_at)
    return Decided(carried, made)


def lines_of(
    session: Session,
    made: DecisionRound,
    decided: Sequence[Registration],
    followers: Sequence[Registration],
    stood: Mapping[int, Stood],
) -> list[DecisionLine]:
    """Return what is kept of those decided about, and then of those who followed, as far as no line says it yet."""
    known = {(line.registration_id, line.state_after) for line in made.lines}
    new = [row for row in followers if row.state is R.WAITLISTED or (row.id, row.state) not in known]
    chairs = chairs_of(session, [row.id for row in (*decided, *new)])
    lines = [line_of(row, stood[row.id], chairs.get(row.id, {}), follows=False) for row in decided]
    after = [line_of(row, stood[row.id], chairs.get(row.id, {}), follows=True) for row in new]
    return [*lines, *(one for one in after if one.chairs or one.state_after is not one.state_before)]


def frees(stood: Mapping[int, Stood]) -> bool:
    """Whether somebody has what others may get by it: a place, or the chair of a week."""
    return any(
        one.state in HOLDING or any(state is SeatState.LENT for state, _ in one.chairs.values())
        for one in stood.values()
    )


def moved_up(
    session: Session, opening_ids: Collection[int], decided: Collection[int], *, now: datetime
) -> Sequence[Registration]:
    """Return who moved up or was lent a chair by it, here and where a room is shared: nobody decided about them."""
    given = and_(Registration.state == R.CONFIRMED, Registration.confirmed_at == now)
    offered = and_(Registration.state == R.OFFERED, Registration.offered_at == now)
    chair = exists().where(Seat.registration_id == Registration.id, Seat.state == SeatState.LENT, Seat.lent_at == now)
    lent = and_(Registration.state == R.WAITLISTED, chair)
    around = Registration.opening_id.in_(opening_ids)
    found = select(Registration).where(around, or_(given, offered, lent), Registration.id.not_in(decided))
    return session.scalars(found.order_by(Registration.id)).all()


def note_letters_and_keys(session: Session, lines: Sequence[DecisionLine], *, now: datetime, until: datetime) -> None:
    """Let the letters of a round wait, and note which they are, which keys were turned and what is asked no more."""
    ids = {line.registration_id: line for line in lines}
    told = (OutboxMessage.subject_kind == REGISTRATION, OutboxMessage.subject_id.in_(ids))
    queued = (OutboxMessage.created_at == now, OutboxMessage.state == OutboxState.PENDING)
    # those that wait already were noted by an earlier part of the round
    held = update(OutboxMessage).where(*told, *queued, OutboxMessage.due_at != until).values(due_at=until)
    for number, registration_id in session.execute(held.returning(OutboxMessage.id, OutboxMessage.subject_id)):
        line = ids[registration_id or 0]
        line.letter_ids = [*line.letter_ids, number]
    about = (Approval.subject_kind == REGISTRATION, Approval.subject_id.in_(ids))
    keys = select(ApprovalKey.id, Approval.subject_id).join(Approval, Approval.id == ApprovalKey.approval_id)
    for number, registration_id in session.execute(keys.where(*about, ApprovalKey.turned_at == now)):
        line = ids[registration_id]
        line.key_ids = [*line.key_ids, number]
    gone = (Approval.state == ApprovalState.WITHDRAWN, Approval.decided_at == now)
    for number, registration_id in session.execute(select(Approval.id, Approval.subject_id).where(*about, *gone)):
        ids[registration_id].withdrawn_id = number
    session.flush()
