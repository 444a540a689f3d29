"""How long to rest after a fault, and how many letters a rate allows: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FIRST_REST, LONGEST_REST = 30, 15 * 60
"""Seconds of rest: after the first fault, and at most."""
BURST = 0.1
"""The share of a minute's letters that may go at once; with what comes back meanwhile, no minute has more than all."""
MINUTE = 60.0


def longer(rest_seconds: int) -> int:
    """Return how long to rest after another fault."""
    return min(max(rest_seconds * 2, FIRST_REST), LONGEST_REST)


def refilled(tokens: float, *, since: datetime | None, now: datetime, rate: int) -> float:
    """Return how many letters may go now, at `rate` a minute; a server never called before takes a burst at once."""
    burst = max(1.0, rate * BURST)
    if since is None:
        return burst
    back = max(0.0, (now - since).total_seconds()) * max(rate - burst, rate / 2) / MINUTE
    return min(burst, tokens + back)
