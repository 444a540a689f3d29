"""What the strand answers where rooms below ask: values only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.meetings.signed import SUPERVISION_MEETING
from programme.strands.cohorts.progress.handing.signed import MILESTONE_SIGNED
from programme.strands.cohorts.supervising.signed import SUPERVISION_AGREEMENT
from programme.strands.cohorts.training.record.signed import TRAINING_SIGNED

if TYPE_CHECKING:
    from programme.strands.cohorts.signing.ports import SignedThings

SIGNED = (SUPERVISION_AGREEMENT, SUPERVISION_MEETING, MILESTONE_SIGNED, TRAINING_SIGNED)
SIGNED_THINGS: SignedThings = {one.kind: one for one in SIGNED}
"""Everything that is signed, by its kind."""
