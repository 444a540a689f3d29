"""From an accepted application to a candidature: once only, and taken back within a day if nothing hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from programme.core.refusal import Refusal
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.states import RegistrationState
from programme.people.models import Person
from programme.strands.cohorts.admission.locking import hold
from programme.strands.cohorts.admission.referees.queries import admission_of
from programme.strands.cohorts.admission.setting_up.actions import universities
from programme.strands.cohorts.admission.trail import note_about
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.candidatures.actions import enrol
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.locking import hold as hold_candidature
from programme.strands.cohorts.locking import lock
from programme.strands.cohorts.models import (
    Admitted,
    Candidature,
    Extension,
    Milestone,
    Supervision,
    Suspension,
)
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import CandidatureState, MilestoneState

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Admission

FULL, LEAST = 100, 10
WITHIN = timedelta(days=1)
NOT_ACCEPTED = "They have not accepted a place, so there is nobody to admit yet."
IS_ADMITTED = "This application is a candidature already."
IN_COHORT = "This person is in this cohort already."
NOT_RUN = "Choose a university that runs this award."
SAME = "Home and partner are two universities."
NOT_ADMITTED = "This application is no candidature."
TOO_LATE = "That is a day ago or more: withdraw the candidature on its record instead."
HANGS = "Something hangs on this candidature already: withdraw it on its record instead."


@dataclass(frozen=True, slots=True)
class Wanted:
    """How somebody begins; `per_cent` is how much of full time they study."""

    home_id: int
    partner_id: int | None
    department: str
    project: str
    begins_on: date
    per_cent: int = FULL


def admit(session: Session, registration_id: int, wanted: Wanted, *, actor: Actor, now: datetime) -> Candidature:
    """Make a candidature of an accepted application, with its milestones: once, whoever else presses too."""
    registration = locked_registration(session, registration_id)
    admission = hold(session, admission_of(session, registration).id)
    check(session, registration, admission, wanted)
    person = session.get_one(Person, registration.person_id)
    lock(session, admission.cohort)
    row = enrol(
        session,
        admission.cohort,
        details_of(wanted),
        book=book_of(session, wanted.home_id),
        address=person.address,
        name=person.name,
        state=CandidatureState.ADMITTED,
        now=now,
    )
    session.add(Admitted(registration_id=registration_id, candidature_id=row.id, admitted_at=now))
    session.flush()
    after = {"cohort": admission.cohort.title, "begins": wanted.begins_on.isoformat()}
    note_about(session, registration, "admitted an applicant", actor=actor, now=now, after=after)
    renew_milestones(session, [row.id], now=now)
    keep_in_step(session, admission.cohort, now=now)
    return row


def details_of(wanted: Wanted) -> Details:
    """Return what organisers write of whom they add by hand."""
    return Details(
        home_id=wanted.home_id,
        partner_id=wanted.partner_id,
        department=wanted.department,
        project=wanted.project,
        registered_on=wanted.begins_on,
        rate=wanted.per_cent,
    )


def check(session: Session, registration: Registration, admission: Admission, wanted: Wanted) -> None:
    """Refuse whoever has not accepted, is admitted, or is in the cohort; and a home that does not run the award."""
    if session.get(Admitted, registration.id, populate_existing=True) is not None:
        raise Refusal(IS_ADMITTED)
    if registration.state is not RegistrationState.CONFIRMED or registration.person_id is None:
        raise Refusal(NOT_ACCEPTED)
    known = {row.id for row in universities(admission.cohort)}
    if wanted.home_id not in known:
        raise Refusal(NOT_RUN, field="home")
    if wanted.partner_id is not None and wanted.partner_id not in known:
        raise Refusal(NOT_RUN, field="partner")
    if wanted.partner_id == wanted.home_id:
        raise Refusal(SAME, field="partner")
    if not LEAST <= wanted.per_cent <= FULL:
        raise Refusal(f"Enter a number from {LEAST} to {FULL}.", field="per_cent")
    own = (Candidature.person_id == registration.person_id, Candidature.cohort_id == admission.cohort_id)
    if session.scalar(select(exists().where(*own))):
        raise Refusal(IN_COHORT)


def take_back(session: Session, registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Undo an admission within a day, as long as nobody has done anything about the candidature."""
    registration = locked_registration(session, registration_id)
    hold(session, admission_of(session, registration).id)
    made = session.get(Admitted, registration_id, populate_existing=True)
    if made is None:
        raise Refusal(NOT_ADMITTED)
    row = hold_candidature(session, made.candidature_id)
    if now - made.admitted_at >= WITHIN:
        raise Refusal(TOO_LATE)
    if row.state is not CandidatureState.ADMITTED or is_touched(session, row):
        raise Refusal(HANGS)
    session.delete(made)
    session.flush()
    session.delete(row)
    session.flush()
    keep_in_step(session, row.cohort, now=now)
    note_about(session, registration, "took an admission back", actor=actor, now=now)


def is_touched(session: Session, row: Candidature) -> bool:
    """Whether somebody supervises, rests, has more time, or has done something towards a milestone."""
    hanging = (
        exists().where(Supervision.candidature_id == row.id),
        exists().where(Suspension.candidature_id == row.id),
        exists().where(Extension.candidature_id == row.id),
        exists().where(Milestone.candidature_id == row.id, Milestone.state != MilestoneState.OPEN),
        exists().where(Milestone.candidature_id == row.id, Milestone.set_on.is_not(None)),
    )
    return any(session.scalar(select(one)) for one in hanging)
