"""Dispatching: letters that are due go over the lanes side by side, until none is left or time is up."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from programme.engines.mail.addresses.suppression.suppressing import note_refusal
from programme.engines.mail.addresses.verp import envelope_sender
from programme.engines.mail.composing import Desk, Filled, Spoilt, bytes_of
from programme.engines.mail.delivery.claiming import (
    Claim,
    Taken,
    anything_to_do,
    claimed,
    fresh_token,
    ours,
    released,
    writing,
)
from programme.engines.mail.delivery.fates import complete, give_back
from programme.engines.mail.delivery.ledger import ENDED, write_down
from programme.engines.mail.delivery.marking import Asked, Round, drafted, is_common, marked
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.mail.queries import is_paused
from programme.engines.mail.relay.sharing import Share, captured_share, share_of
from programme.engines.mail.wire.headers.mailboxes import Unsendable, on_the_wire
from programme.engines.mail.wire.lanes import Lanes
from programme.engines.mail.wire.outcomes import CLOSING, Accepted, Deferred, Outcome, Refused, RelayFault
from programme.engines.mail.wording.stationery import Stationery, stationery_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.delivery.claiming import Clock, SessionFactory
    from programme.engines.mail.ports import MailRoom
    from programme.engines.mail.wire.messages import Body
    from programme.engines.mail.wire.transport import Transport

Step = TypeVar("Step")
Answer = Outcome | tuple[Accepted, bytes]
"""What the peer said; with the letter itself where it is captured."""

log = structlog.get_logger(__name__)

BATCH = 100
MOST_FAILURES = 2
"""How often the database may fail while answers are written down, until the round ends."""
PULSE_SECONDS = 5
"""How long a round is silent at most: it says that it is alive, and keeps its lanes."""


@dataclass(slots=True)
class Delivery:
    """What a round works with, and what it did so far."""

    factory: SessionFactory
    room: MailRoom
    clock: Clock
    token: str
    share: Share = field(default_factory=captured_share)
    done: Round = field(default_factory=Round)
    stationery: Stationery = field(default_factory=Stationery)
    waiting: deque[Taken] = field(default_factory=deque)
    following: list[Taken] = field(default_factory=list)
    """What goes to the lanes next, once it is marked."""
    answers: dict[int, Answer | RelayFault] = field(default_factory=dict)
    """What the peer said and is not written down yet."""
    alone: set[str] = field(default_factory=set)
    is_all: bool = False
    is_spent: bool = False
    more: Callable[[], Claim] = Claim
    pulse: Callable[[], object] = bool

    def desk(self, now: datetime) -> Desk:
        """Return where letters are written now."""
        return Desk(self.room, now, self.stationery)

    @property
    def is_stopped(self) -> bool:
        """Whether no further letter is to be taken up."""
        return self.done.paused or bool(self.done.fault) or self.is_spent


def dispatch(
    factory: SessionFactory,
    room: MailRoom,
    *,
    now: datetime | Clock,
    limit: int = BATCH,
    goes_on: Callable[[], bool] = bool,
    pulse: Callable[[], object] = bool,
) -> Round:
    """Hand over letters that are due, and say what became of them.

    `now` is an instant or a reader of the clock. Several dispatchers may run: each letter is claimed by one. `limit`
    letters are claimed at a time, again and again as long as `goes_on`. `pulse` is called every few seconds.
    """
    clock = now if callable(now) else lambda: now
    with factory() as session:
        if is_paused(session):
            return Round(paused=True)
        if not anything_to_do(session, now=clock()):
            return Round()
    delivery = Delivery(factory, room, clock, fresh_token(), pulse=pulse)
    further = partial(claimed, factory, room, clock, limit=limit, token=delivery.token)
    with share_of(factory, room, clock=clock) as delivery.share:
        if delivery.share.lanes:
            take_in(delivery, further())
            delivery.more = lambda: further() if goes_on() else Claim(delivery.token)
            deliver(delivery)
    return delivery.done


def take_in(delivery: Delivery, claim: Claim) -> None:
    """Put what was claimed behind what waits, to be written on the stationery of now.

    Nothing claimed is nothing left to claim.
    """
    delivery.done.claimed += len(claim.rows)
    delivery.waiting.extend(claim.rows)
    delivery.is_all = not claim.rows
    if claim.rows:
        with delivery.factory() as session:
            delivery.stationery = stationery_of(session)


def deliver(delivery: Delivery) -> None:
    """Hand over what is claimed, side by side, until it is done, the relay is at fault or sending is paused.

    One transaction completes the letters that were answered and marks the next ones for the lanes that are free: a
    letter whose peer is silent holds up nobody, and a crash leaves no more in doubt than there are lanes. Whatever
    goes wrong, what the peer said is written down, and what nobody came to is given back.
    """
    lanes = Lanes[Answer](delivery.room, delivery.share.lanes)
    try:
        with lanes:
            delivery.following = next_ones(delivery, lanes.room_for)
            while delivery.following or delivery.answers or lanes.under_way:
                if delivery.following or delivery.answers or delivery.share.is_to_be_renewed(delivery.clock()):
                    for row, said in written_down(delivery):
                        lanes.start(row.id, partial(hand_over, row, said, delivery))
                delivery.answers |= lanes.wait(PULSE_SECONDS)
                delivery.pulse()
                delivery.following = next_ones(delivery, lanes.room_for)
    finally:
        delivery.answers |= lanes.left()
        put_down(delivery)


def put_down(delivery: Delivery) -> None:
    """Write down what was answered last, and give back what was claimed and not marked."""
    waiting = [*delivery.following, *delivery.waiting]
    delivery.following = []
    try:
        if delivery.answers:
            written_down(delivery)
    finally:
        released(delivery.factory, delivery.token, [row.id for row in waiting])


def written_down(delivery: Delivery) -> list[tuple[OutboxMessage, Body | Filled]]:
    """Write down the answers that came and mark the letters that follow; returns those to hand over."""
    going = once_more(delivery, partial(complete_and_mark, delivery, delivery.answers, delivery.following))
    delivery.answers, delivery.following = {}, []
    return going


def next_ones(delivery: Delivery, number: int) -> list[Taken]:
    """Take the next letters for free lanes; none where the round is stopped or about to be."""
    if delivery.is_stopped or any(isinstance(one, RelayFault) for one in delivery.answers.values()):
        return []
    if len(delivery.waiting) < number and not delivery.is_all:
        claim_more(delivery)
    return [delivery.waiting.popleft() for _ in range(min(len(delivery.waiting), number))]


def claim_more(delivery: Delivery) -> None:
    """Claim further letters; where the database fails in it, this round has what it has."""
    try:
        take_in(delivery, delivery.more())
    except DBAPIError:
        log.warning("claiming_failed", exc_info=True)
        delivery.is_all = True


def complete_and_mark(
    delivery: Delivery, answers: Mapping[int, Answer | RelayFault], rows: Sequence[Taken]
) -> list[tuple[OutboxMessage, Body | Filled]]:
    """Write down what became of letters and mark the next ones, in one transaction; returns those to hand over.

    Those that may not go yet, as sending is paused or the rate is used up, go back to where they waited.
    """
    step, ids = Round(), [row.id for row in rows]
    delivery.room.stencils.bodies.clear()
    drafts = written_beforehand(delivery, rows)
    with writing(delivery.factory) as session, session.no_autoflush:
        now = delivery.clock()
        found = {row.id: row for row in ours(session, delivery.token, [*answers, *ids])}
        answered = [found[row_id] for row_id in answers if row_id in found]
        for row in answered:
            keep(session, row, answers[row.id], delivery, step)
        write_down(session, answered, ENDED)
        step.paused = delivery.done.paused or is_paused(session)
        allowed = 0 if step.paused else delivery.share.renewed(session, wanted=len(ids), now=now)
        mine = [found[row_id] for row_id in ids[:allowed] if row_id in found]
        going = marked(Asked(session, delivery.desk(now), drafts, delivery.alone), mine, step)
    delivery.done.take_in(step)
    delivery.is_spent = delivery.is_spent or allowed < len(ids)
    delivery.waiting.extendleft(reversed(rows[allowed:]))
    return going


def written_beforehand(delivery: Delivery, rows: Sequence[Taken]) -> dict[int, Body | str]:
    """Write the letters that are one of a kind, where nobody has to wait for it."""
    ids = [row.id for row in rows if not is_common(row.letter, room=delivery.room, alone=delivery.alone)]
    if not ids:
        return {}
    with delivery.factory() as session:
        found = session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids))).all()
        return drafted(Asked(session, delivery.desk(delivery.clock())), found)


def once_more(delivery: Delivery, verb: Callable[[], Step]) -> Step:
    """Do it, and again where the database failed in it: what a peer answered is known nowhere else.

    Letters that spoil it for their kind are asked for one by one from then on.
    """
    failures = 0
    while True:
        try:
            return verb()
        except Spoilt as spoilt:
            log.exception("letters_spoilt", letter=spoilt.letter)
            delivery.alone.add(spoilt.letter)
        except DBAPIError:
            failures += 1
            if failures > MOST_FAILURES:
                raise
            log.warning("completing_again")


def hand_over(row: OutboxMessage, said: Body | Filled, delivery: Delivery, transport: Transport) -> Answer:
    """Talk to the peer: no transaction is open. A letter that cannot be built is refused by ourselves."""
    try:
        data = bytes_of(row, said, room=delivery.room)
        recipient = on_the_wire(row.recipient)
    except Exception as error:
        if not isinstance(error, Unsendable | ValueError):
            log.exception("letter_cannot_be_built", letter=row.id)
        return Refused(0, f"This letter cannot be built: {error}")
    outcome = transport.deliver(sender=envelope_sender(delivery.room, row), recipient=recipient, data=data)
    return (outcome, data) if isinstance(outcome, Accepted) and delivery.room.server.captures else outcome


def keep(session: Session, row: OutboxMessage, answer: Answer | RelayFault, delivery: Delivery, step: Round) -> None:
    """Write down what became of the letter, and the letter itself where it was captured."""
    now = delivery.clock()
    if isinstance(answer, RelayFault) and answer.met_message and delivery.done.sent:
        answer = Deferred(CLOSING, str(answer))  # the server takes others: it is this letter that it will not have now
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
    if isinstance(answer, Refused):
        note_refusal(session, row, answer.code, answer.answer, now)
