"""Verbs of the mail room: pause and resume sending, try a letter again, take one back; beats of the ticks."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from sqlalchemy import delete, func
from sqlalchemy.dialects import postgresql, sqlite

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.mail.models import CapturedMail, Heartbeat
from programme.engines.mail.queries import installation
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.people.models import Installation
    from programme.people.permissions import Actor

LONGEST_ERROR = 1000


def pause(session: Session, *, actor: Actor, reason: str, now: datetime) -> None:
    """Let nothing leave until somebody resumes; what is due waits."""
    row = founded(session)
    if row.sending_paused_at is not None:
        raise Refusal("Sending is paused already.")
    row.sending_paused_at, row.pause_reason = now, reason
    note(session, row, "pause sending", actor=actor, now=now, after={"reason": reason})


def resume(session: Session, *, actor: Actor, now: datetime) -> None:
    """Let letters leave again; those that stopped being useful meanwhile expire unsent."""
    row = founded(session)
    if row.sending_paused_at is None:
        raise Refusal("Sending is not paused.")
    row.sending_paused_at, row.pause_reason = None, ""
    note(session, row, "resume sending", actor=actor, now=now)


def founded(session: Session) -> Installation:
    """Return the installation's row, which `init` made."""
    row = installation(session)
    if row is None:
        raise Refusal("This installation has not been set up yet: run `programme init`.")
    return row


def note(
    session: Session, row: Installation, verb: str, *, actor: Actor, now: datetime, after: dict[str, str] | None = None
) -> None:
    """Write an act on the installation into the trail."""
    subject = ("installation", row.id)
    audit.record(session, person_id=actor.person_id, verb=verb, subject=subject, now=now, after=after)


def retry(session: Session, message: OutboxMessage, *, actor: Actor, now: datetime) -> None:
    """Put a letter that failed, was taken back or has no answer into the queue again, with its schedule afresh."""
    if message.valid_until is not None and message.valid_until <= now:
        raise Refusal("This letter is too late to be useful. Write a new one if it is still needed.")
    if message.state is OutboxState.PENDING:
        raise Refusal("This letter is waiting to go already.")
    if message.state is OutboxState.SENDING:
        raise Refusal("This letter is on its way right now. Look again in a minute.")
    if message.state is OutboxState.HELD:
        raise Refusal("Its reader wants the reminders of a day in one letter, and it waits for that one.")
    before = move(message, OutboxState.PENDING, moves=OUTBOX_MOVES, sentence="This letter cannot be sent again.")
    message.due_at, message.withdrawn_at = now, None
    message.attempts, message.ambiguous_count, message.last_error = 0, 0, ""
    message.bounced_at, message.bounce_status, message.bounce_detail = None, "", ""
    told(session, message, "send a letter again", before=before, actor=actor, now=now)


def cancel(session: Session, message: OutboxMessage, *, actor: Actor, now: datetime) -> None:
    """Take a waiting letter back, for good: what queued it will not queue it again."""
    if message.state not in {OutboxState.PENDING, OutboxState.HELD}:
        raise Refusal("This letter is not waiting any more, so it cannot be taken back.")
    before = move(message, OutboxState.CANCELLED, moves=OUTBOX_MOVES)
    message.withdrawn_at = now
    told(session, message, "take a letter back", before=before, actor=actor, now=now)


def told(
    session: Session, message: OutboxMessage, verb: str, *, before: OutboxState, actor: Actor, now: datetime
) -> None:
    """Write an act on a letter into the trail."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("letter", message.id),
        now=now,
        organisation_id=message.organisation_id,
        before={"state": before.value},
        after={"state": message.state.value, "letter": message.letter},
    )


def beat(
    session: Session, tick: str, *, seconds: int, started: datetime, succeeded: datetime | None, error: str = ""
) -> None:
    """Write down that a tick ran; `succeeded` is None where it did not come to its end.

    In one statement: of several clocks that start at once each finds no row yet.
    """
    told = {
        "host": socket.gethostname()[:200],
        "process_id": os.getpid(),
        "started_at": started,
        "seconds_between": seconds,
        "last_error": error.replace("\0", "")[:LONGEST_ERROR],
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Heartbeat).values(tick=tick, succeeded_at=succeeded, **told)
    kept = {"succeeded_at": func.coalesce(statement.excluded.succeeded_at, Heartbeat.succeeded_at)}
    session.execute(statement.on_conflict_do_update(index_elements=["tick"], set_={**told, **kept}))


def expect_beat(session: Session, tick: str, *, seconds: int, now: datetime) -> None:
    """Write down that a tick is to run from now on, where nothing is known of it."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    told = {"host": "", "process_id": 0, "last_error": ""}
    statement = insert(Heartbeat).values(tick=tick, started_at=now, seconds_between=seconds, **told)
    session.execute(statement.on_conflict_do_nothing())


def forget_ticks_but(session: Session, names: frozenset[str]) -> None:
    """Forget the heartbeats of ticks that there are no more."""
    session.execute(delete(Heartbeat).where(Heartbeat.tick.not_in(names)))


def forget_captured(session: Session, *, before: datetime) -> int:
    """Throw away what was captured before an instant, and say how many."""
    return len(
        session.execute(delete(CapturedMail).where(CapturedMail.captured_at < before).returning(CapturedMail.id)).all()
    )
