"""Jobs of letters: reminders and broadcasts queued, letters sent, what came back read."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from programme.core import clock
from programme.engines.mail.addresses.inbox.emptying import empty
from programme.engines.mail.delivery.dispatching import dispatch
from programme.engines.mail.relay.sharing import fault_of, may_call, note_fault, note_success
from programme.engines.mail.written.broadcasts import due as due_broadcasts
from programme.flows.addresses.readdressing import follow
from programme.flows.broadcasting.sending import go_if_due
from programme.flows.bundling.digests import bundle, due_people
from programme.flows.reminding import queue_due_reminders
from programme.jobs.job import Done, Work, in_one_transaction, one_by_one

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_DISPATCH = timedelta(seconds=60)


def send(work: Work) -> Done:
    """Hand letters over until none is due or the tick has taken its time; rests while the relay is at fault."""
    if not work.room.server.captures and not may_call(work.factory, work.room.server, now=work.clock()):
        return Done(0, f"resting after a fault: {fault_of(work.factory, work.room.server)}")
    until = clock.now() + LONGEST_DISPATCH
    done = dispatch(
        work.factory,
        work.room,
        now=work.clock,
        goes_on=lambda: clock.now() < until and not work.is_ending(),
        pulse=work.pulse,
    )
    if done.sent and not work.room.server.captures:
        note_success(work.factory, work.room.server)
    if done.fault:
        note_fault(work.factory, work.room.server, done.fault, now=work.clock())
    return Done(sum(done.ended.values()), "sending is paused" if done.paused else done.fault)


def send_one(session: Session, broadcast_id: int, now: datetime) -> bool:
    """Put the letters of one broadcast into the outbox."""
    return go_if_due(session, broadcast_id, now=now) > 0


broadcast = one_by_one(due_broadcasts, send_one)


def read_inbox(work: Work) -> Done:
    """Take in what came back."""
    done = empty(work.factory, work.room, now=work.clock)
    return Done(done.count, done.trouble)


def remind(work: Work) -> Done:
    """Queue the reminders that are due, of everything that reminds."""
    return in_one_transaction(partial(queue_due_reminders, subjects=work.subjects))(work)


def readdress(work: Work) -> Done:
    """Let letters that came back into the queue follow people who have another address by now."""
    private = frozenset(letter.name for letter in work.room.letters.values() if letter.is_for_one_address)
    return in_one_transaction(partial(follow, private=private))(work)


def bundle_days(work: Work) -> Done:
    """Put reminders that wait for the letter of their day into it."""
    return one_by_one(due_people, partial(bundle, kinds=work.room.letters))(work)
