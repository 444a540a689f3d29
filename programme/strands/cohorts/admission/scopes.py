"""From the id in an address to the scope of an award: what somebody does not run is not there for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.registration.models import Opening, Registration
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.permissions import Scope, Verb, may
from programme.strands.cohorts.admission.referees.queries import admission_for
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Admission, AdmissionReviewer, Cohort, FundingAward
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AWARD = joinedload(Cohort.award).options(
    joinedload(FundingAward.lead_organisation), selectinload(FundingAward.co_owners)
)


def of_admission(session: Session, admission_id: int, **rest: object) -> Scope | None:
    """Return the scope of an admission: its cohort's."""
    del rest
    found = session.get(Admission, admission_id)
    return of_cohort(session, found.cohort_id) if found else None


def of_application(session: Session, registration_id: int, **rest: object) -> Scope | None:
    """Return the scope of an application: its cohort's. Nobody sees their own from this side."""
    del rest
    row = session.get(Registration, registration_id)
    found = admission_for(session, row.opening_id) if row is not None else None
    if row is None or found is None or row.person_id in {None, actor().person_id}:
        return None
    return of_cohort(session, found.cohort_id)


def seen(scope: Scope) -> Scope | None:
    """Return a scope that the acting person has a part in."""
    return scope if may(actor(), Verb.SEE_PEOPLE, scope) else None


def admission_here(admission_id: int) -> Admission:
    """Return the admission of the address, with what its pages show; its guard has seen that it is there."""
    cohort = joinedload(Admission.cohort).options(AWARD)
    opening = joinedload(Admission.opening).joinedload(Opening.lead_organisation)
    people = selectinload(Admission.reviewers).options(
        joinedload(AdmissionReviewer.person), joinedload(AdmissionReviewer.organisation)
    )
    known = (cohort, opening, people, selectinload(Admission.criteria))
    return database_session().get(Admission, admission_id, options=known, populate_existing=True) or abort(404)


def rights_here(admission: Admission) -> dict[str, bool]:
    """Return what the acting person may do with an admission, by the names of verbs."""
    scope = award_scope(admission.cohort.award)
    return {verb.name: may(actor(), verb, scope) for verb in Verb}
