"""Locks: whoever changes a candidature, an award, a cohort or a rulebook locks it, reads it again, then decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select, update

from programme.core.refusal import Refusal
from programme.strands.cohorts.models import Admission, Candidature, Cohort

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import FundingAward, Rulebook

GONE = "It was deleted meanwhile."


Raised = TypeVar("Raised", Candidature, Admission)


def hold(session: Session, candidature_id: int) -> Candidature:
    """Lock a candidature and return it as it is now; Refusal where it was deleted meanwhile."""
    return raised(session, Candidature, candidature_id)


def hold_all(session: Session, cohort_id: int) -> None:
    """Lock every candidature of a cohort that is locked, lowest id first; whoever calls it reads them afterwards."""
    rows = select(Candidature.id).where(Candidature.cohort_id == cohort_id).order_by(Candidature.id)
    session.execute(rows.with_for_update())


def raised(session: Session, model: type[Raised], number: int) -> Raised:
    """Lock a row by raising its revision, and return it as it is now; Refusal where it was deleted meanwhile."""
    more = update(model).where(model.id == number).values(revision=model.revision + 1)
    session.execute(more, execution_options={"synchronize_session": False})
    fresh = select(model).where(model.id == number).execution_options(populate_existing=True)
    row = session.scalars(fresh).one_or_none()
    if row is None:
        raise Refusal(GONE)
    return row


def lock_cohort(session: Session, cohort_id: int) -> Cohort:
    """Lock a cohort and return it as it is now; Refusal where it was deleted meanwhile."""
    row = session.get(Cohort, cohort_id)
    if row is None:
        raise Refusal(GONE)
    lock(session, row)
    return row


def lock(session: Session, row: FundingAward | Cohort | Rulebook) -> None:
    """Lock an award, a cohort or a rulebook, and read it as it is now.

    The lock is a statement of its own: whatever the row was loaded with is joined when it is read again, and PostgreSQL
    locks nothing that is joined from outside. Refusal where it was deleted meanwhile.
    """
    model = type(row)
    if session.scalar(select(model.id).where(model.id == row.id).with_for_update()) is None:
        raise Refusal(GONE)
    session.refresh(row)
