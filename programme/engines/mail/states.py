"""Where an outbox message stands, and what may follow what."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class OutboxState(StrEnum):
    """Where a message stands.

    `unknown` means handed over, answer lost, not tried again; `held`, that it waits for its person's digest of the
    day; `bundled`, that it went in one; `suppressed`, that its address gets no such letters.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    HELD = "held"
    BUNDLED = "bundled"
    SUPPRESSED = "suppressed"


class Scope(StrEnum):
    """Which letters an address gets no more: every one, what organisers write to many, or news and invitations."""

    EVERYTHING = "everything"
    SERVICE = "service"
    MARKETING = "marketing"


class CalendarBy(StrEnum):
    """How somebody wants letters to tell their calendar: by an invitation, or by a plain file."""

    INVITATION = "invitation"
    FILE = "file"


class BroadcastState(StrEnum):
    """Where a broadcast stands; `stopped` means that it could not go when its time came."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


S = OutboxState
OUTBOX_MOVES: Mapping[OutboxState, frozenset[OutboxState]] = {
    S.PENDING: frozenset({S.SENDING, S.HELD, S.CANCELLED, S.EXPIRED, S.FAILED, S.SUPPRESSED}),
    S.SENDING: frozenset({S.SENT, S.PENDING, S.HELD, S.FAILED, S.CANCELLED, S.EXPIRED, S.UNKNOWN, S.SUPPRESSED}),
    S.HELD: frozenset({S.PENDING, S.BUNDLED, S.CANCELLED, S.EXPIRED}),
    S.FAILED: frozenset({S.PENDING}),
    S.CANCELLED: frozenset({S.PENDING}),
    S.SUPPRESSED: frozenset({S.PENDING}),
    S.EXPIRED: frozenset(),
    S.UNKNOWN: frozenset({S.PENDING}),
    S.BUNDLED: frozenset(),
    S.SENT: frozenset(),
}
B = BroadcastState
BROADCAST_MOVES: Mapping[BroadcastState, frozenset[BroadcastState]] = {
    B.DRAFT: frozenset({B.SCHEDULED, B.QUEUED, B.CANCELLED}),
    B.SCHEDULED: frozenset({B.DRAFT, B.QUEUED, B.CANCELLED, B.STOPPED}),
    B.STOPPED: frozenset({B.DRAFT, B.CANCELLED}),
    B.QUEUED: frozenset({B.CANCELLED}),
    B.CANCELLED: frozenset(),
}
