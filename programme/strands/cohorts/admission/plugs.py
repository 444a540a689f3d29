"""What other rooms ask of admission: who may read a reference and an application's files, and facts for keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Registration
from programme.people.models import Person
from programme.people.permissions import Verb, may
from programme.strands.cohorts.admission.applications import application
from programme.strands.cohorts.admission.referees.queries import REFERENCE, admission_for
from programme.strands.cohorts.admission.reviewing.conflicts import counts
from programme.strands.cohorts.admission.states import ReferenceState
from programme.strands.cohorts.models import Admission, AdmissionReviewer, Reference, Review
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.documents.ports import Reader
    from programme.people.permissions import Actor


REFEREE = "You are asked for a reference about this applicant, so that somebody else decides for your university."
CONFLICT = (
    "You declared a conflict with this applicant as their reviewer, so that somebody else decides for your university."
)


def may_read_reference(session: Session, reference_id: int, part: int | None, reader: Reader) -> bool:
    """Whether a reader may read the file of a reference: its referee, and once it is sent those who read references.

    Never the applicant, whatever else they are.
    """
    del part
    row = session.get(Reference, reference_id)
    if row is None:
        return False
    if (REFERENCE, row.id) in reader.opened:
        return True
    return row.state is ReferenceState.RECEIVED and may_read_references(session, row.registration, reader.actor)


def may_read_references(session: Session, registration: Registration, actor: Actor) -> bool:
    """Whether somebody may read what referees say about an applicant."""
    admission = admission_for(session, registration.opening_id)
    if admission is None or actor.person_id is None or actor.person_id == registration.person_id:
        return False
    if may(actor, Verb.SEE_PEOPLE, award_scope(admission.cohort.award)):
        return True
    return not admission.hides_names and reviews(session, registration.id, actor.person_id)


def may_review_answer(session: Session, sheet_id: int, question_id: int | None, reader: Reader) -> bool:
    """Whether a reader reviews the application that a file came with; not where names are hidden: files tell them."""
    row = session.scalar(select(Registration).where(Registration.answer_sheet_id == sheet_id))
    question = session.get(Question, question_id) if question_id else None
    if row is None or question is None or question.is_sensitive or reader.actor.person_id is None:
        return False
    admission = admission_for(session, row.opening_id)
    if admission is None or admission.hides_names:
        return False
    return reviews(session, row.id, reader.actor.person_id)


def reviews(session: Session, registration_id: int, person_id: int) -> bool:
    """Whether somebody reviews an application: it was given to them, they have declared, and nothing keeps them."""
    own = select(Review).join(AdmissionReviewer, AdmissionReviewer.id == Review.reviewer_id)
    row = session.scalar(own.where(Review.registration_id == registration_id, AdmissionReviewer.person_id == person_id))
    return row is not None and counts(row.conflict, row.ruling)


def kept_out_of_keys(session: Session, registration_id: int, person_id: int) -> str:
    """Say why somebody turns no key about an application: they are its referee, or have a conflict as a reviewer."""
    person = session.get(Person, person_id)
    asked = select(Reference.id).where(Reference.registration_id == registration_id)
    if person is not None and session.scalar(asked.where(Reference.address_key == person.address_key).limit(1)):
        return REFEREE
    own = select(Review).join(AdmissionReviewer, AdmissionReviewer.id == Review.reviewer_id)
    given = own.where(Review.registration_id == registration_id, AdmissionReviewer.person_id == person_id)
    row = session.scalars(given).first()
    is_free = row is None or row.conflict is None or counts(row.conflict, row.ruling)
    return "" if is_free else CONFLICT


def facts_for_keys(session: Session, registration_id: int) -> Sequence[tuple[str, str]]:
    """Return what whoever turns a key about an application knows besides the answers: references, the mean score."""
    row = session.get(Registration, registration_id)
    found = select(Admission).options(joinedload(Admission.cohort))
    admission = session.scalar(found.where(Admission.opening_id == row.opening_id)) if row is not None else None
    if row is None or admission is None:
        return []
    one = application(session, admission, row)
    said = one.judged
    score = "Nobody has scored it yet"
    if said.mean is not None:
        apart = f", spread {said.spread:.1f}" if said.spread is not None else ""
        score = f"{said.mean:.1f} of 5, by {said.number} of {one.readers}{apart}"
    references = [("References", f"{one.received} of {one.wanted}")] if one.wanted else []
    return [("Mean score", score), *references]
