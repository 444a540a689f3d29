"""Named reads of who was admitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.registration.states import RegistrationState
from programme.people.states import Strand
from programme.strands.cohorts.models import Admitted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration


def record_made_of(session: Session, row: Registration) -> int | None:
    """Return the candidature that was made of an accepted application; None where none was."""
    if row.opening.strand is not Strand.COHORTS or row.state is not RegistrationState.CONFIRMED:
        return None
    return session.scalar(select(Admitted.candidature_id).where(Admitted.registration_id == row.id))
