"""Named reads of references."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.strands.cohorts.admission.states import AWAITED, ReferenceState
from programme.strands.cohorts.models import Admission, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

REFERENCE, FILE_PART = "reference", 1
BEFORE_THE_END, JUST_ASKED = timedelta(days=3), timedelta(days=1)
UNDECIDED = (RegistrationState.PENDING, RegistrationState.WAITLISTED)
NO_ADMISSION = "This is no application to a cohort."


def admission_for(session: Session, opening_id: int) -> Admission | None:
    """Return the admission of a call; None for any other opening."""
    return session.scalar(select(Admission).where(Admission.opening_id == opening_id))


def admission_of(session: Session, registration: Registration) -> Admission:
    """Return the admission that somebody applied to; Refusal where it was something else."""
    found = admission_for(session, registration.opening_id)
    if found is None:
        raise Refusal(NO_ADMISSION)
    return found


def referees_of(session: Session, registration_id: int) -> Sequence[Reference]:
    """Return the references of an application, those who were asked first."""
    own = select(Reference).where(Reference.registration_id == registration_id)
    order = (Reference.asked_at.asc().nulls_last(), Reference.position, Reference.id)
    return session.scalars(own.order_by(*order).execution_options(populate_existing=True)).all()


def references_asked(session: Session, registration: Registration) -> tuple[int, int] | None:
    """Return how many references are wanted of an application and how many were asked for; None where none are."""
    admission = admission_for(session, registration.opening_id) if not registration.opening.events else None
    if admission is None or not admission.references_wanted:
        return None
    rows = referees_of(session, registration.id)
    asked = [row for row in rows if row.state not in {ReferenceState.NOT_ASKED, ReferenceState.DECLINED}]
    return admission.references_wanted, len(asked)


def reference_with_application(session: Session, reference_id: int) -> Reference | None:
    """Return a reference with whom and what it is about."""
    opening = joinedload(Reference.registration).joinedload(Registration.opening)
    wanted = select(Reference).where(Reference.id == reference_id)
    return session.scalar(wanted.options(opening.joinedload(Opening.lead_organisation)))


def to_remind(admission: Admission, *, before: datetime) -> Select[Reference]:
    """Return the references that are waited for, of those to whom nothing was written since an instant."""
    latest = func.coalesce(Reference.reminded_at, Reference.asked_at)
    return awaited().where(Registration.opening_id == admission.opening_id, latest <= before)


def due_soon(now: datetime, *, limit: int) -> Select[Reference]:
    """Return the references that are wanted within days, and of which nobody was reminded since then."""
    wanted = and_(Admission.references_by > now, Admission.references_by <= now + BEFORE_THE_END)
    return (
        awaited()
        .join(Admission, Admission.opening_id == Registration.opening_id)
        .where(wanted, unreminded(now))
        .order_by(Reference.id)
        .limit(limit)
    )


def unreminded(now: datetime) -> ColumnElement[bool]:
    """Whether nothing was written to a referee within the days before the end."""
    lately = now - BEFORE_THE_END
    reminded = or_(Reference.reminded_at.is_(None), Reference.reminded_at < lately)
    return and_(reminded, Reference.asked_at < now - JUST_ASKED)


def awaited() -> Select[Reference]:
    """Return the references that are waited for, of applications that are not decided."""
    joined = select(Reference).join(Registration, Registration.id == Reference.registration_id)
    return joined.where(Reference.state.in_(AWAITED), Registration.state.in_(UNDECIDED))


def lacking_referees(admission: Admission) -> Select[Registration]:
    """Return the applications of a call of which fewer were asked than are wanted."""
    return lacking().where(Admission.id == admission.id).order_by(Registration.id)


def lacking() -> Select[Registration]:
    """Return the applications of which fewer referees were asked than are wanted, and whose address is proved."""
    asked = (
        select(func.count())
        .where(
            Reference.registration_id == Registration.id,
            Reference.state.not_in({ReferenceState.NOT_ASKED, ReferenceState.DECLINED}),
        )
        .scalar_subquery()
    )
    joined = select(Registration).join(Admission, Admission.opening_id == Registration.opening_id)
    return joined.where(
        Registration.state.in_(UNDECIDED),
        Registration.person_id.is_not(None),
        Registration.prove_by.is_(None),
        asked < Admission.references_wanted,
    )
