"""An admission's lock: whoever changes what it asks, who reviews, or what they said, raises its revision first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.locking import raised
from programme.strands.cohorts.models import Admission

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def hold(session: Session, admission_id: int) -> Admission:
    """Lock an admission and return it as it is now."""
    return raised(session, Admission, admission_id)
