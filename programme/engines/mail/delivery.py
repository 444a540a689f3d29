"""Delivery: claim, mark, hand over with no transaction open, complete under the claim's token.

Between the peer's yes and our commit a crash leaves it unknown whether a letter went: at least once, bounded, visible.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from programme.core.database import begin_writing
from programme.core.transitions import move
from programme.engines.mail.composing import bytes_of, drafted, message_id_of
from programme.engines.mail.fates import complete, give_back, reason, reclaim, settle
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.mail.queries import is_paused, next_due, stranded
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState
from programme.engines.mail.wire.lanes import Lanes
from programme.engines.mail.wire.messages import Unsendable, on_the_wire
from programme.engines.mail.wire.transport import Accepted, Outcome, Refused, RelayFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import MailRoom
    from programme.engines.mail.wire.messages import Body
    from programme.engines.mail.wire.transport import Transport

SessionFactory = Callable[[], "Session"]
Clock = Callable[[], datetime]
Step = TypeVar("Step")
Answer = Outcome | tuple[Accepted, bytes]
"""What the peer said; with the letter itself where it is captured."""

log = structlog.get_logger(__name__)

BATCH = 100
LEASE = timedelta(minutes=15)


@dataclass(slots=True)
class Round:
    """What one round did: how many letters came to which state, and the relay's fault that stopped it, if any."""

    claimed: int = 0
    ended: dict[OutboxState, int] = field(default_factory=dict)
    fault: str = ""
    paused: bool = False

    def count(self, state: OutboxState, number: int = 1) -> None:
        """Count letters."""
        self.ended[state] = self.ended.get(state, 0) + number

    def take_in(self, step: Round) -> None:
        """Add what a step of the round did, once it is committed."""
        for state, number in step.ended.items():
            self.count(state, number)
        self.fault, self.paused = self.fault or step.fault, self.paused or step.paused

    @property
    def sent(self) -> int:
        """How many letters went out."""
        return self.ended.get(OutboxState.SENT, 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows that are ours until the lease ends, under a token nobody else has."""

    token: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a round works with."""

    factory: SessionFactory
    room: MailRoom
    clock: Clock
    claim: Claim
    done: Round


def dispatch(factory: SessionFactory, room: MailRoom, *, now: datetime | Clock, limit: int = BATCH) -> Round:
    """Hand over up to `limit` letters that are due, and say what became of them.

    `now` is an instant or a reader of the clock. Several dispatchers may run: each letter is claimed by one.
    """
    clock = now if callable(now) else lambda: now
    with factory() as session:
        if is_paused(session):
            return Round(paused=True)
    claim = claimed(factory, room, clock, limit=limit)
    done = Round(claimed=len(claim.ids))
    if claim.ids:
        deliver(Delivery(factory, room, clock, claim, done))
    return done


def deliver(delivery: Delivery) -> None:
    """Hand over what is claimed, side by side, until it is done, the relay is at fault or sending is paused.

    One transaction completes the letters that were answered and marks the next ones for the lanes that are free: a
    letter whose peer is silent holds up nobody, and a crash leaves no more in doubt than there are lanes.
    """
    waiting, answers = deque(delivery.claim.ids), dict[int, Answer | RelayFault]()
    try:
        with Lanes[Answer](delivery.room) as lanes:
            while True:
                is_stopped = delivery.done.paused or any(isinstance(one, RelayFault) for one in answers.values())
                number = 0 if is_stopped or delivery.done.fault else min(len(waiting), lanes.room_for)
                following = [waiting.popleft() for _ in range(number)]
                if not (following or answers):
                    break
                marked, back = once_more(partial(complete_and_mark, delivery, answers, following))
                waiting.extendleft(reversed(back))
                for row, body in marked:
                    lanes.start(row.id, partial(hand_over, row, body, delivery))
                answers = lanes.wait()
    finally:
        release(delivery, waiting)


def complete_and_mark(
    delivery: Delivery, answers: Mapping[int, Answer | RelayFault], ids: Sequence[int]
) -> tuple[list[tuple[OutboxMessage, Body]], Sequence[int]]:
    """Write down what became of letters and mark the next ones, in one transaction.

    Returns those to hand over, and those to give back because sending is paused. Writing a letter takes the longest and
    changes nothing, so it comes first, where nobody has to wait for it.
    """
    step = Round()
    with delivery.factory() as session:
        drafts = drafted(session, ids, room=delivery.room, now=delivery.clock()) if ids else {}
    with writing(delivery.factory) as session:
        found = {row.id: row for row in ours(session, delivery.claim, [*answers, *ids])}
        for row_id in answers.keys() & found.keys():
            keep(session, found[row_id], answers[row_id], delivery, step)
        step.paused = delivery.done.paused or is_paused(session)
        now = delivery.clock()
        mine = [found[row_id] for row_id in ids if row_id in found and is_leased(found[row_id], now=now)]
        bodies = [] if step.paused else [(row, mark(row, drafts.get(row.id), step, now=now)) for row in mine]
    delivery.done.take_in(step)
    return [(row, body) for row, body in bodies if body is not None], ids if step.paused else ()


def once_more(verb: Callable[[], Step]) -> Step:
    """Do it, and again where the database failed in it: what a peer answered is known nowhere else."""
    try:
        return verb()
    except DBAPIError:
        log.warning("completing_again")
        return verb()


def claimed(factory: SessionFactory, room: MailRoom, clock: Clock, *, limit: int) -> Claim:
    """Take up what is due, in one short transaction; looks first without locking anything."""
    with factory() as session:
        if not anything_to_do(session, now=clock()):
            return Claim("", ())
    with writing(factory) as session:
        now = clock()
        for row in stranded(session, now=now, lock=True):
            reclaim(row, now=now)
        session.flush()
        token = secrets.token_hex(16)
        rows = next_due(session, now=now, limit=limit, lock=True)
        for row in rows:
            take_up(row, token=token, room=room, now=now)
        return Claim(token, tuple(row.id for row in rows))


def anything_to_do(session: Session, *, now: datetime) -> bool:
    """Whether a letter is due or was left by a dispatcher that died."""
    return bool(next_due(session, now=now, limit=1) or stranded(session, now=now))


def take_up(row: OutboxMessage, *, token: str, room: MailRoom, now: datetime) -> None:
    """Put our lease on a row, and its Message-ID, which every try carries."""
    move(row, OutboxState.SENDING, moves=OUTBOX_MOVES)
    row.lease_token, row.lease_until = token, now + LEASE
    row.inflight_at = None
    row.message_id = row.message_id or message_id_of(row, room=room)


def ours(session: Session, claim: Claim, ids: Iterable[int]) -> Sequence[OutboxMessage]:
    """Return the rows that are under our token, locked in the order of their ids as everybody locks them."""
    wanted = list(ids)
    statement = select(OutboxMessage).where(
        OutboxMessage.id.in_(wanted),
        OutboxMessage.lease_token == claim.token,
        OutboxMessage.state == OutboxState.SENDING,
    )
    return session.scalars(statement.order_by(OutboxMessage.id).with_for_update()).all() if wanted else ()


def is_leased(row: OutboxMessage, *, now: datetime) -> bool:
    """Whether our lease on a row has not ended."""
    return row.lease_until is None or row.lease_until > now


def mark(row: OutboxMessage, draft: Body | str | None, step: Round, *, now: datetime) -> Body | None:
    """Mark a letter in flight, with what it says; None where it ends here."""
    if row.valid_until is not None and row.valid_until <= now:
        end(row, OutboxState.UNKNOWN if row.ambiguous_count else OutboxState.EXPIRED, step)
        return None
    if draft is None:
        end(row, OutboxState.CANCELLED, step)
        return None
    if isinstance(draft, str):
        row.last_error = reason(draft)
        end(row, OutboxState.FAILED, step)
        return None
    row.subject_line = draft.subject
    row.inflight_at, row.lease_until = now, now + LEASE
    return draft


def end(row: OutboxMessage, state: OutboxState, done: Round) -> None:
    """Let a letter end without being handed over."""
    settle(row, state)
    done.count(state)


def hand_over(row: OutboxMessage, body: Body, delivery: Delivery, transport: Transport) -> Answer:
    """Talk to the peer: no transaction is open. A letter that cannot be built is refused by ourselves."""
    try:
        data = bytes_of(row, body, room=delivery.room)
        recipient = on_the_wire(row.recipient)
    except (Unsendable, ValueError, TypeError, UnicodeError) as error:
        return Refused(0, f"This letter cannot be built: {error}")
    outcome = transport.deliver(sender=delivery.room.mail_from, recipient=recipient, data=data)
    return (outcome, data) if isinstance(outcome, Accepted) and delivery.room.server.captures else outcome


def keep(session: Session, row: OutboxMessage, answer: Answer | RelayFault, delivery: Delivery, step: Round) -> None:
    """Write down what became of the letter, and the letter itself where it was captured."""
    now = delivery.clock()
    if isinstance(answer, RelayFault):
        step.fault = step.fault or str(answer)
        give_back(row, answer, now=now)
        return
    if isinstance(answer, tuple):
        answer, data = answer
        session.add(
            CapturedMail(
                outbox_message_id=row.id,
                recipient=row.recipient,
                subject_line=row.subject_line,
                captured_at=now,
                raw=data,
            )
        )
    complete(row, answer, now=now)
    step.count(row.state)


def release(delivery: Delivery, ids: Iterable[int]) -> None:
    """Return what we took up and did not come to."""
    waiting = list(ids)
    if waiting:
        with writing(delivery.factory) as session:
            for row in ours(session, delivery.claim, waiting):
                settle(row, OutboxState.PENDING)


@contextmanager
def writing(factory: SessionFactory) -> Iterator[Session]:
    """Give a session that began as a writer; committed when the block ends well."""
    with factory() as session:
        begin_writing(session)
        yield session
        session.commit()
