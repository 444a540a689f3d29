"""Locks: whoever changes a candidature, an award, a cohort or a rulebook locks it, reads it again, then decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select, update

from programme.strands.cohorts.models import Admission, Candidature

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Cohort, FundingAward, Rulebook


Raised = TypeVar("Raised", Candidature, Admission)


def hold(session: Session, candidature_id: int) -> Candidature:
    """Lock a candidature and return it as it is now."""
    return raised(session, Candidature, candidature_id)


def raised(session: Session, model: type[Raised], number: int) -> Raised:
    """Lock a row by raising its revision, and return it as it is now."""
    more = update(model).where(model.id == number).values(revision=model.revision + 1)
    session.execute(more, execution_options={"synchronize_session": False})
    fresh = select(model).where(model.id == number).execution_options(populate_existing=True)
    return session.scalars(fresh).one()


def lock(session: Session, row: FundingAward | Cohort | Rulebook) -> None:
    """Lock an award, a cohort or a rulebook, and read it as it is now.

    The lock is a statement of its own: whatever the row was loaded with is joined when it is read again, and PostgreSQL
    locks nothing that is joined from outside.
    """
    model = type(row)
    session.execute(select(model.id).where(model.id == row.id).with_for_update())
    session.refresh(row)
