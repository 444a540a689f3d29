"""Where an approval and each of its keys stand, and what may follow what."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class KeyState(StrEnum):
    """One organisation's key: waiting, turned to yes or no, or closed as the decision needs it no more."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"
    CLOSED = "closed"


class ApprovalState(StrEnum):
    """Open while a key waits; granted by every yes, refused by one no, withdrawn where nobody asks any more."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


K, A = KeyState, ApprovalState
KEY_MOVES: Mapping[KeyState, frozenset[KeyState]] = {
    K.WAITING: frozenset({K.YES, K.NO, K.CLOSED}),
    K.YES: frozenset(),
    K.NO: frozenset(),
    K.CLOSED: frozenset(),
}
APPROVAL_MOVES: Mapping[ApprovalState, frozenset[ApprovalState]] = {
    A.OPEN: frozenset({A.GRANTED, A.REFUSED, A.WITHDRAWN}),
    A.GRANTED: frozenset(),
    A.REFUSED: frozenset(),
    A.WITHDRAWN: frozenset(),
}
KEYS_TAKEN_BACK: Mapping[KeyState, frozenset[KeyState]] = {
    K.YES: frozenset({K.WAITING}),
    K.NO: frozenset({K.WAITING}),
    K.CLOSED: frozenset({K.WAITING}),
}
APPROVALS_TAKEN_BACK: Mapping[ApprovalState, frozenset[ApprovalState]] = {
    A.GRANTED: frozenset({A.OPEN}),
    A.REFUSED: frozenset({A.OPEN}),
    A.WITHDRAWN: frozenset({A.OPEN}),
}
"""What may be taken back as long as nobody has been told of it."""
