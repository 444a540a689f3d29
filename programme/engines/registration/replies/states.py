"""Where a reply in the tray stands, and how a place that was given back by a reply is taken back."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.registration.states import RegistrationState

if TYPE_CHECKING:
    from collections.abc import Mapping


class TrayState(StrEnum):
    """Waiting: somebody has to look at it. Applied: it was let count by hand. Dismissed: there is nothing to do."""

    WAITING = "waiting"
    APPLIED = "applied"
    DISMISSED = "dismissed"


TRAY_MOVES: Mapping[TrayState, frozenset[TrayState]] = {
    TrayState.WAITING: frozenset({TrayState.APPLIED, TrayState.DISMISSED}),
    TrayState.APPLIED: frozenset(),
    TrayState.DISMISSED: frozenset(),
}
RETURN_MOVES: Mapping[RegistrationState, frozenset[RegistrationState]] = {
    RegistrationState.CANCELLED: frozenset({RegistrationState.WAITLISTED}),
}
"""Whoever takes a place back that their calendar gave back joins the waiting list where they stood, and so is first."""
