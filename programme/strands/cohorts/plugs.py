"""What the strand answers where rooms below ask: values only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.supervising.signed import SUPERVISION_AGREEMENT
from programme.strands.cohorts.training.record.signed import TRAINING_SIGNED

if TYPE_CHECKING:
    from programme.strands.cohorts.signing.ports import SignedThings

SIGNED_THINGS: SignedThings = {one.kind: one for one in (SUPERVISION_AGREEMENT, TRAINING_SIGNED)}
"""Everything that is signed, by its kind."""
