"""A candidature's lock: whoever changes one raises its revision first, then reads it, then decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.strands.cohorts.models import Candidature

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def hold(session: Session, candidature_id: int) -> Candidature:
    """Lock a candidature and return it as it is now."""
    raised = update(Candidature).where(Candidature.id == candidature_id).values(revision=Candidature.revision + 1)
    session.execute(raised, execution_options={"synchronize_session": False})
    fresh = select(Candidature).where(Candidature.id == candidature_id).execution_options(populate_existing=True)
    return session.scalars(fresh).one()
