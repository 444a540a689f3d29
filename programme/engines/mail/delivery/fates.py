"""What becomes of a row of the outbox by what the peer answered: sent, tried again by a schedule, or ended."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from programme.core.transitions import move
from programme.engines.mail.composing import masked
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState
from programme.engines.mail.wire.outcomes import Accepted, Deferred, Refused, Unanswered

if TYPE_CHECKING:
    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.wire.outcomes import Outcome, RelayFault

RETRY_MINUTES = (1, 5, 15, 60, 120, 240)
JITTER = 0.2
RESENDS_WHEN_UNANSWERED = 2
LONGEST_REASON = 1000
BACK_OF_THE_QUEUE = timedelta(minutes=16)
"""Longer than the server rests at most: when it is called again, another letter is the first."""


def complete(row: OutboxMessage, outcome: Outcome, *, now: datetime) -> None:
    """Move the row by what the peer answered."""
    row.attempts += 1
    if isinstance(outcome, Accepted):
        row.accepted_at, row.queue_id, row.last_error = now, outcome.answer[:200], ""
        row.last_code, row.context = outcome.code, masked(row.context)
        settle(row, OutboxState.SENT)
        return
    row.last_error = reason(outcome.answer)
    row.last_code = None if isinstance(outcome, Unanswered) else outcome.code or None
    if isinstance(outcome, Refused):
        settle(row, OutboxState.FAILED)
    elif isinstance(outcome, Deferred):
        put_off(row, now=now, otherwise=OutboxState.FAILED)
    else:
        row.ambiguous_count += 1
        again = row.ambiguous_count <= RESENDS_WHEN_UNANSWERED
        put_off(row, now=now, otherwise=OutboxState.UNKNOWN, again=again)


def put_off(row: OutboxMessage, *, now: datetime, otherwise: OutboxState, again: bool = True) -> None:
    """Try again later by the schedule; where that is over, or the letter would be useless by then, let it end."""
    later = next_try(row.attempts, key=row.dedup_key, now=now)
    if not again or later is None:
        settle(row, otherwise)
    elif row.valid_until is not None and later >= row.valid_until:
        settle(row, OutboxState.UNKNOWN if row.ambiguous_count else OutboxState.EXPIRED)
    else:
        row.due_at = later
        settle(row, OutboxState.PENDING)


def next_try(attempts: int, *, key: str, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` tries; None where the schedule is over.

    The jitter, up to a fifth either way, follows from the key: letters deferred together come back apart.
    """
    if attempts > len(RETRY_MINUTES):
        return None
    chance = int.from_bytes(hashlib.sha256(f"{key}:{attempts}".encode()).digest()[:4], "big") / 2**32
    return now + timedelta(minutes=RETRY_MINUTES[attempts - 1] * (1 - JITTER + 2 * JITTER * chance))


def settle(row: OutboxMessage, state: OutboxState) -> None:
    """Move the row out of our hands."""
    move(row, state, moves=OUTBOX_MOVES)
    row.lease_token, row.lease_until = None, None
    row.inflight_at = None


def reason(text: str) -> str:
    """Return why, as the database can keep it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST_REASON]


def reclaim(row: OutboxMessage, *, now: datetime) -> None:
    """Bring back a row whose dispatcher died: freely if it was not being handed over, else as unanswered."""
    if row.inflight_at is None:
        settle(row, OutboxState.PENDING)
    else:
        complete(row, Unanswered("The programme stopped while this letter was being handed over."), now=now)


def give_back(row: OutboxMessage, fault: RelayFault, *, now: datetime) -> None:
    """Return the letter that met the relay's fault: no attempt is spent, but others go first if it may be its cause."""
    row.last_error = reason(str(fault))
    if fault.met_message:
        row.due_at = now + min(BACK_OF_THE_QUEUE, (row.valid_until - now) / 2 if row.valid_until else BACK_OF_THE_QUEUE)
    settle(row, OutboxState.PENDING)
