"""Delivery: claim, mark, hand over with no transaction open, complete under the claim's token.

Between the peer's yes and our commit a crash leaves it unknown whether a letter went: at least once, bounded, visible.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError

from programme.core.database import begin_writing
from programme.core.transitions import move
from programme.engines.mail.composing import bytes_of, message_id_of, write
from programme.engines.mail.fates import complete, reason, settle
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.mail.queries import is_paused, next_due, stranded
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState
from programme.engines.mail.wire.messages import Unsendable, on_the_wire
from programme.engines.mail.wire.transport import Accepted, Refused, RelayFault, Unanswered, transport_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import MailRoom
    from programme.engines.mail.wire.messages import Body
    from programme.engines.mail.wire.transport import Outcome, Transport

SessionFactory = Callable[[], "Session"]
Clock = Callable[[], datetime]

BATCH = 100
LEASE = timedelta(minutes=15)
BACK_OF_THE_QUEUE = timedelta(minutes=1)


@dataclass(slots=True)
class Round:
    """What one round did: how many letters came to which state, and the relay's fault that stopped it, if any."""

    claimed: int = 0
    ended: dict[OutboxState, int] = field(default_factory=dict)
    fault: str = ""
    paused: bool = False

    def count(self, state: OutboxState) -> None:
        """Count one letter."""
        self.ended[state] = self.ended.get(state, 0) + 1

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
    transport: Transport


def dispatch(factory: SessionFactory, room: MailRoom, *, now: datetime | Clock, limit: int = BATCH) -> Round:
    """Hand over up to `limit` letters that are due, and say what became of them.

    `now` is an instant or a reader of the clock. Several dispatchers may run: each letter is claimed by one.
    """
    clock = now if callable(now) else lambda: now
    with factory() as session:
        if is_paused(session):
            return Round(paused=True)
    with closing(transport_for(room)) as transport:
        delivery = Delivery(factory, room, clock, transport)
        claim = claimed(delivery, limit=limit)
        done = Round(claimed=len(claim.ids))
        for position, message_id in enumerate(claim.ids):
            done.fault, done.paused = deliver_one(delivery, claim, message_id, done)
            if done.fault or done.paused:
                release(delivery, claim, claim.ids[position:])
                break
    return done


def claimed(delivery: Delivery, *, limit: int) -> Claim:
    """Take up what is due, in one short transaction; looks first without locking anything."""
    nothing = Claim("", ())
    with delivery.factory() as session:
        if not anything_to_do(session, now=delivery.clock()):
            return nothing
    with writing(delivery.factory) as session:
        for row in stranded(session, now=delivery.clock(), lock=True):
            reclaim(row, now=delivery.clock())
        session.flush()
        token = secrets.token_hex(16)
        rows = next_due(session, now=delivery.clock(), limit=limit, lock=True)
        for row in rows:
            take_up(row, token=token, delivery=delivery)
        return Claim(token, tuple(row.id for row in rows))


def anything_to_do(session: Session, *, now: datetime) -> bool:
    """Whether a letter is due or was left by a dispatcher that died."""
    return bool(next_due(session, now=now, limit=1) or stranded(session, now=now))


def take_up(row: OutboxMessage, *, token: str, delivery: Delivery) -> None:
    """Put our lease on a row, and its Message-ID, which every try carries."""
    move(row, OutboxState.SENDING, moves=OUTBOX_MOVES)
    row.lease_token, row.lease_until = token, delivery.clock() + LEASE
    row.inflight_at = None
    row.message_id = row.message_id or message_id_of(row, room=delivery.room)


def reclaim(row: OutboxMessage, *, now: datetime) -> None:
    """Bring back a row whose dispatcher died: freely if it was not being handed over, else as unanswered."""
    if row.inflight_at is None:
        settle(row, OutboxState.PENDING)
    else:
        complete(row, Unanswered("The programme stopped while this letter was being handed over."), now=now)


def deliver_one(delivery: Delivery, claim: Claim, row_id: int, done: Round) -> tuple[str, bool]:
    """Write, mark, hand over, complete one letter; return the relay's fault, and whether sending was paused meanwhile.

    Writing takes the longest and changes nothing, so it comes first, where nobody has to wait for it.
    """
    draft = drafted(delivery, row_id)
    with writing(delivery.factory) as session:
        if is_paused(session):
            return "", True
        row = ours(session, claim, row_id, now=delivery.clock())
        body = mark(row, draft, delivery, done) if row else None
    if row is None or body is None:
        return "", False
    try:
        outcome = hand_over(row, body, delivery)
    except RelayFault as fault:
        give_back(delivery, claim, row_id, fault)
        return str(fault), False
    with writing(delivery.factory) as session:
        row = ours(session, claim, row_id)
        if row is not None:
            keep(session, row, outcome, delivery)
            done.count(row.state)
    return "", False


def ours(session: Session, claim: Claim, row_id: int, *, now: datetime | None = None) -> OutboxMessage | None:
    """Return the row under our token, locked; None where we lost it, or (with `now`) where its lease ended."""
    row = session.scalar(
        select(OutboxMessage)
        .where(
            OutboxMessage.id == row_id,
            OutboxMessage.lease_token == claim.token,
            OutboxMessage.state == OutboxState.SENDING,
        )
        .with_for_update()
    )
    return None if row is None or (now and row.lease_until and row.lease_until <= now) else row


def drafted(delivery: Delivery, row_id: int) -> Body | str | None:
    """Return what a letter says now; why it cannot be written; None where it is no longer wanted or not there."""
    with delivery.factory() as session:
        row = session.get(OutboxMessage, row_id)
        try:
            return write(session, row, room=delivery.room, now=delivery.clock()) if row else None
        except Exception as error:
            if is_database_away(error):
                raise
            return reason(f"This letter cannot be written: {type(error).__name__}: {error}")


def mark(row: OutboxMessage, draft: Body | str | None, delivery: Delivery, done: Round) -> Body | None:
    """Mark a letter in flight, with what it says; None where it ends here."""
    now = delivery.clock()
    if row.valid_until is not None and row.valid_until <= now:
        end(row, OutboxState.UNKNOWN if row.ambiguous_count else OutboxState.EXPIRED, done)
        return None
    if draft is None:
        end(row, OutboxState.CANCELLED, done)
        return None
    if isinstance(draft, str):
        row.last_error = draft
        end(row, OutboxState.FAILED, done)
        return None
    row.subject_line = draft.subject
    row.inflight_at, row.lease_until = now, now + LEASE
    return draft


def is_database_away(error: Exception) -> bool:
    """Whether it is the database's trouble and no letter's."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def end(row: OutboxMessage, state: OutboxState, done: Round) -> None:
    """Let a letter end without being handed over."""
    settle(row, state)
    done.count(state)


def hand_over(row: OutboxMessage, body: Body, delivery: Delivery) -> Outcome | tuple[Accepted, bytes]:
    """Talk to the peer: no transaction is open. A letter that cannot be built is refused by ourselves."""
    try:
        data = bytes_of(row, body, room=delivery.room)
        recipient = on_the_wire(row.recipient)
    except (Unsendable, ValueError, TypeError, UnicodeError) as error:
        return Refused(0, f"This letter cannot be built: {error}")
    outcome = delivery.transport.deliver(sender=delivery.room.mail_from, recipient=recipient, data=data)
    return (outcome, data) if isinstance(outcome, Accepted) and delivery.room.server.captures else outcome


def keep(session: Session, row: OutboxMessage, outcome: Outcome | tuple[Accepted, bytes], delivery: Delivery) -> None:
    """Write down what became of the letter, and the letter itself where it was captured."""
    now = delivery.clock()
    if isinstance(outcome, tuple):
        outcome, data = outcome
        session.add(
            CapturedMail(
                outbox_message_id=row.id,
                recipient=row.recipient,
                subject_line=row.subject_line,
                captured_at=now,
                raw=data,
            )
        )
    complete(row, outcome, now=now)


def give_back(delivery: Delivery, claim: Claim, row_id: int, fault: RelayFault) -> None:
    """Return the letter that met the relay's fault: no attempt is spent, but others go first if it may be its cause."""
    with writing(delivery.factory) as session:
        row = ours(session, claim, row_id)
        if row is not None:
            row.last_error = reason(str(fault))
            if fault.met_message:
                row.due_at = delivery.clock() + BACK_OF_THE_QUEUE
            settle(row, OutboxState.PENDING)


def release(delivery: Delivery, claim: Claim, ids: tuple[int, ...]) -> None:
    """Return what we took up and did not come to."""
    with writing(delivery.factory) as session:
        for row_id in ids:
            row = ours(session, claim, row_id)
            if row is not None:
                settle(row, OutboxState.PENDING)


@contextmanager
def writing(factory: SessionFactory) -> Iterator[Session]:
    """Give a session that began as a writer; committed when the block ends well."""
    with factory() as session:
        begin_writing(session)
        yield session
        session.commit()
