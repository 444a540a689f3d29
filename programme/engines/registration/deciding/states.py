"""Who decides about registrations, and which moves an undone decision goes back by."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.registration.states import RegistrationState

if TYPE_CHECKING:
    from collections.abc import Mapping


class DecidedBy(StrEnum):
    """Who decides where places are given by decision: any organiser, or one key for each university."""

    ORGANISERS = "organisers"
    KEYS = "keys"


R = RegistrationState
UNDONE_MOVES: Mapping[RegistrationState, frozenset[RegistrationState]] = {
    R.CONFIRMED: frozenset({R.PENDING, R.WAITLISTED, R.OFFERED, R.REFUSED}),
    R.OFFERED: frozenset({R.PENDING, R.WAITLISTED, R.REFUSED}),
    R.WAITLISTED: frozenset({R.PENDING, R.REFUSED}),
    R.REFUSED: frozenset({R.PENDING, R.WAITLISTED, R.OFFERED, R.CONFIRMED}),
    R.CANCELLED: frozenset({R.DRAFT, R.PENDING, R.WAITLISTED, R.OFFERED, R.CONFIRMED}),
}
"""Back to where it stood, as long as nobody has been told."""
