"""An admission's lock: whoever changes what it asks, who reviews, or what they said, raises its revision first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.strands.cohorts.models import Admission

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def hold(session: Session, admission_id: int) -> Admission:
    """Lock an admission and return it as it is now."""
    raised = update(Admission).where(Admission.id == admission_id).values(revision=Admission.revision + 1)
    session.execute(raised, execution_options={"synchronize_session": False})
    fresh = select(Admission).where(Admission.id == admission_id).execution_options(populate_existing=True)
    return session.scalars(fresh).one()
