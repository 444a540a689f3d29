"""Locks: whoever changes a candidature, an award, a cohort or a rulebook locks it, reads it again, then decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core.refusal import Refusal
from programme.strands.cohorts.models import Candidature

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Cohort, FundingAward, Rulebook

GONE = "It was deleted meanwhile."


def hold(session: Session, candidature_id: int) -> Candidature:
    """Lock a candidature and return it as it is now; Refusal where it was deleted meanwhile."""
    raised = update(Candidature).where(Candidature.id == candidature_id).values(revision=Candidature.revision + 1)
    session.execute(raised, execution_options={"synchronize_session": False})
    fresh = select(Candidature).where(Candidature.id == candidature_id).execution_options(populate_existing=True)
    row = session.scalars(fresh).one_or_none()
    if row is None:
        raise Refusal(GONE)
    return row


def hold_all(session: Session, cohort_id: int) -> None:
    """Lock every candidature of a cohort that is locked, lowest id first; whoever calls it reads them afterwards."""
    rows = select(Candidature.id).where(Candidature.cohort_id == cohort_id).order_by(Candidature.id)
    session.execute(rows.with_for_update())


def lock(session: Session, row: FundingAward | Cohort | Rulebook) -> None:
    """Lock an award, a cohort or a rulebook, and read it as it is now.

    The lock is a statement of its own: whatever the row was loaded with is joined when it is read again, and PostgreSQL
    locks nothing that is joined from outside. Refusal where it was deleted meanwhile.
    """
    model = type(row)
    if session.scalar(select(model.id).where(model.id == row.id).with_for_update()) is None:
        raise Refusal(GONE)
    session.refresh(row)
