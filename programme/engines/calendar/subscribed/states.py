"""The closed lists of subscribed addresses, and what may follow what."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class AddressState(StrEnum):
    """Where a subscribed address stands: looked at and not confirmed, followed, or left alone for now."""

    PROPOSED = "proposed"
    FOLLOWED = "followed"
    PAUSED = "paused"


ADDRESS_MOVES: Mapping[AddressState, frozenset[AddressState]] = {
    AddressState.PROPOSED: frozenset({AddressState.FOLLOWED}),
    AddressState.FOLLOWED: frozenset({AddressState.PAUSED}),
    AddressState.PAUSED: frozenset({AddressState.FOLLOWED}),
}


class Upstream(StrEnum):
    """Where an event stands at its source.

    What vanished there is called off here by itself, or asked about, or stays because an organiser said so.
    """

    HERE = "here"
    CALLED_OFF = "called_off"
    ASKED = "asked"
    KEPT = "kept"
