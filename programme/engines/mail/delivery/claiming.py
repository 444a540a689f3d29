"""Claiming: rows are ours under a lease and a token nobody else has, so that each letter has one dispatcher."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam

from programme.core.database import begin_writing
from programme.core.transitions import move
from programme.engines.mail.composing import message_id_of
from programme.engines.mail.delivery.fates import reclaim, settle
from programme.engines.mail.delivery.ledger import (
    BRIEF,
    ENDED,
    HELD,
    TABLE,
    TAKEN,
    WHOLE,
    entries,
    reading,
    write_down,
)
from programme.engines.mail.queries import next_due, stranded
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState
from programme.engines.mail.wire.transactions import FINAL_ANSWER_SECONDS
from programme.engines.mail.wishes.holding import hold_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import MailRoom

SessionFactory = Callable[[], "Session"]
Clock = Callable[[], datetime]
LEASE = timedelta(seconds=FINAL_ANSWER_SECONDS * 1.5)
NEXT = (
    reading(BRIEF)
    .where(TABLE.c.state == OutboxState.PENDING, TABLE.c.due_at <= bindparam("now", type_=TABLE.c.due_at.type))
    .order_by(TABLE.c.priority, TABLE.c.due_at, TABLE.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
"""What is due, most urgent first, and no other dispatcher is taking up."""
MOST_LOOKS = 20
"""How often a claim looks on where all that it found is to go later."""
OURS = (
    reading(WHOLE)
    .where(TABLE.c.id.in_(bindparam("ids", expanding=True)), TABLE.c.lease_token == bindparam("token"))
    .order_by(TABLE.c.id)
    .with_for_update()
)
"""Built once: it is asked many times a second.

It does not name the state, which a row under a token has anyway: a database that believes that hardly any are in it
would look through all that ever were.
"""


def fresh_token() -> str:
    """Return a token nobody else has."""
    return secrets.token_hex(16)


class Taken(NamedTuple):
    """A row that we took up, and its kind of letter."""

    id: int
    letter: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows that are ours until the lease ends, under our token."""

    token: str = field(default_factory=fresh_token)
    rows: tuple[Taken, ...] = ()


def claimed(factory: SessionFactory, room: MailRoom, clock: Clock, *, limit: int, token: str = "") -> Claim:
    """Take up what is due, in one short transaction; looks first without locking anything."""
    token = token or fresh_token()
    with factory() as session:
        if not anything_to_do(session, now=clock()):
            return Claim(token)
    with writing(factory) as session:
        now = clock()
        for row in stranded(session, now=now, lock=True):
            reclaim(row, now=now)
        session.flush()
        rows = list(taken_up(session, token, room=room, limit=limit, now=now))
        return Claim(token, tuple(Taken(row.id, row.letter) for row in rows))


def taken_up(session: Session, token: str, *, room: MailRoom, limit: int, now: datetime) -> Iterator[OutboxMessage]:
    """Put our lease on what is due, and put off what its readers want later; a claim of such alone goes on looking."""
    private = {letter.name for letter in room.letters.values() if letter.is_private}
    for _ in range(MOST_LOOKS):
        rows = entries(session, NEXT, {"now": now, "limit": limit})
        held = hold_back(session, rows, private=private, now=now)
        mine = [row for row in rows if row.id not in held]
        for row in mine:
            take_up(row, token=token, room=room, now=now)
        write_down(session, [row for row in rows if row.id in held], HELD)
        write_down(session, mine, TAKEN)
        yield from mine
        if mine or not rows:
            return


def anything_to_do(session: Session, *, now: datetime) -> bool:
    """Whether a letter is due or was left by a dispatcher that died."""
    return bool(next_due(session, now=now, limit=1) or stranded(session, now=now))


def take_up(row: OutboxMessage, *, token: str, room: MailRoom, now: datetime) -> None:
    """Put our lease on a row, and its Message-ID, which every try carries."""
    move(row, OutboxState.SENDING, moves=OUTBOX_MOVES)
    row.lease_token, row.lease_until = token, now + lease_of(room)
    row.inflight_at = None
    row.message_id = row.message_id or message_id_of(row, room=room)


def lease_of(room: MailRoom) -> timedelta:
    """Return how long a claim lasts: half as long again as the longest silence of the peer that is borne."""
    return timedelta(seconds=room.limits.get("final_answer_seconds", FINAL_ANSWER_SECONDS) * 1.5)


def ours(session: Session, token: str, ids: Iterable[int]) -> Sequence[OutboxMessage]:
    """Return the rows that are under our token, locked in the order of their ids as everybody locks them."""
    wanted = list(ids)
    found = entries(session, OURS, {"ids": wanted, "token": token}) if wanted else ()
    return [row for row in found if row.state is OutboxState.SENDING]


def is_leased(row: OutboxMessage, *, now: datetime) -> bool:
    """Whether our lease on a row has not ended."""
    return row.lease_until is None or row.lease_until > now


def released(factory: SessionFactory, token: str, ids: Iterable[int]) -> None:
    """Return what we took up and did not come to."""
    waiting = list(ids)
    if waiting:
        with writing(factory) as session:
            rows = ours(session, token, waiting)
            for row in rows:
                settle(row, OutboxState.PENDING)
            write_down(session, rows, ENDED)


@contextmanager
def writing(factory: SessionFactory) -> Iterator[Session]:
    """Give a session that began as a writer; committed when the block ends well."""
    with factory() as session:
        begin_writing(session)
        yield session
        session.commit()
