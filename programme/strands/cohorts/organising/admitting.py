"""Admissions that need whoever runs a cohort: offers accepted and no candidature made, references that are late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.strands.cohorts.admission.referees.queries import awaited
from programme.strands.cohorts.models import Admission, Admitted, Cohort
from programme.strands.cohorts.rights import awards_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

MOST = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of one cohort wait, and since when the first does."""

    cohort_id: int
    title: str
    number: int
    since: datetime


def accepted(session: Session, actor: Actor) -> list[Waiting]:
    """Return how many accepted their offer and are no candidature yet, by cohort."""
    since = func.min(func.coalesce(Registration.confirmed_at, Registration.joined_at))
    own = (
        select(Cohort.id, Cohort.title, func.count(), since)
        .select_from(Registration)
        .join(Admission, Admission.opening_id == Registration.opening_id)
        .join(Cohort, Cohort.id == Admission.cohort_id)
        .where(Registration.state == RegistrationState.CONFIRMED, Registration.person_id.is_not(None))
        .where(Registration.id.not_in(select(Admitted.registration_id)))
    )
    return waiting(session, own, actor)


def late_references(session: Session, actor: Actor, *, now: datetime) -> list[Waiting]:
    """Return how many references are later than they were wanted, by cohort."""
    own = (
        awaited()
        .join(Admission, Admission.opening_id == Registration.opening_id)
        .join(Cohort, Cohort.id == Admission.cohort_id)
        .where(Admission.references_by < now)
        .with_only_columns(Cohort.id, Cohort.title, func.count(), func.min(Admission.references_by))
    )
    return waiting(session, own, actor)


def waiting(session: Session, found: Any, actor: Actor) -> list[Waiting]:
    """Return sums of the cohorts that somebody runs."""
    mine = found.where(Cohort.award_id.in_(awards_of(actor))).group_by(Cohort.id, Cohort.title)
    rows: Any = session.execute(mine.order_by(Cohort.id).limit(MOST))
    return [Waiting(*row) for row in rows]
