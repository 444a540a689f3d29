"""Why an address gets no letters, and what a message that came back means: closed lists of words."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why an address gets no letters."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    BY_HAND = "by_hand"


OWN_WISHES = frozenset({Cause.COMPLAINED, Cause.UNSUBSCRIBED})
"""What the owner of the address said: theirs to take back, and no organiser's."""


class Meaning(StrEnum):
    """What a message that came back was understood as.

    Hard: the address does not exist. Soft: not now, or not this letter. Policy: our letters are not wanted there, which
    is about us and not about the address. Automatic: an answering machine, a receipt, a report of success. Reply: an
    answer that another room took.
    """

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    DELAYED = "delayed"
    COMPLAINT = "complaint"
    AUTOMATIC = "automatic"
    REPLY = "reply"
    FORGED = "forged"
    UNKNOWN = "unknown"


CAME_BACK = frozenset({Meaning.HARD, Meaning.SOFT, Meaning.POLICY})
"""The letter did not arrive."""
