"""Where an outbox message stands, and what may follow what."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class OutboxState(StrEnum):
    """Where a message stands; `unknown` means handed over, answer lost, not tried again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


S = OutboxState
OUTBOX_MOVES: Mapping[OutboxState, frozenset[OutboxState]] = {
    S.PENDING: frozenset({S.SENDING, S.CANCELLED, S.EXPIRED, S.FAILED}),
    S.SENDING: frozenset({S.SENT, S.PENDING, S.FAILED, S.CANCELLED, S.EXPIRED, S.UNKNOWN}),
    S.FAILED: frozenset({S.PENDING}),
    S.CANCELLED: frozenset({S.PENDING}),
    S.EXPIRED: frozenset(),
    S.UNKNOWN: frozenset({S.PENDING}),
    S.SENT: frozenset(),
}
