"""Named reads of reviewers: what they have to do, and one application as far as they may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.questionnaire.kinds.files import FILE
from programme.engines.questionnaire.models import Answer, AnswerSheet
from programme.engines.registration.models import Registration
from programme.strands.cohorts.admission.referees.queries import UNDECIDED
from programme.strands.cohorts.admission.reviewing.conflicts import place_of
from programme.strands.cohorts.admission.states import Place
from programme.strands.cohorts.models import Admission, AdmissionReviewer, Review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MOST = 500
"""So many applications one reviewer has before them at most."""


@dataclass(frozen=True, slots=True)
class Task:
    """One application in a reviewer's hands: what it is called for them, where it stands, how many are scored."""

    row: Review
    title: str
    place: Place
    scored: int
    of: int

    @property
    def is_done(self) -> bool:
        """Whether every criterion is scored."""
        return self.place is Place.OPEN and self.scored >= self.of

    @property
    def is_closed(self) -> bool:
        """Whether it was decided meanwhile."""
        return self.row.registration.state not in UNDECIDED


def title_for(review: Review) -> str:
    """Return what an application is called for its reviewer: by name, or by number where names are hidden."""
    hides = review.reviewer.admission.hides_names
    return f"Application {review.registration_id}" if hides else review.registration.name


def reviewing(session: Session, person_id: int) -> Sequence[AdmissionReviewer]:
    """Return where somebody reviews, the latest first."""
    call = joinedload(AdmissionReviewer.admission).options(
        joinedload(Admission.opening), joinedload(Admission.cohort), selectinload(Admission.criteria)
    )
    own = select(AdmissionReviewer).where(AdmissionReviewer.person_id == person_id)
    return session.scalars(own.options(call).order_by(AdmissionReviewer.id.desc()).limit(MOST)).all()


def tasks(session: Session, reviewers: Sequence[AdmissionReviewer]) -> dict[int, list[Task]]:
    """Return the applications of reviewers that still name somebody, by reviewer, in the order they came."""
    own = (
        select(Review)
        .join(Registration, Registration.id == Review.registration_id)
        .where(Review.reviewer_id.in_([row.id for row in reviewers]), Registration.person_id.is_not(None))
        .options(joinedload(Review.registration), selectinload(Review.scores), joinedload(Review.reviewer))
        .order_by(Registration.joined_at, Registration.id)
        .limit(MOST)
    )
    weighing = {row.id: {one.id for one in row.admission.criteria if one.weight} for row in reviewers}
    found: dict[int, list[Task]] = {row.id: [] for row in reviewers}
    for row in session.scalars(own):
        scored = len(weighing[row.reviewer_id] & {one.criterion_id for one in row.scores})
        place = place_of(row.conflict, row.ruling)
        found[row.reviewer_id].append(Task(row, title_for(row), place, scored, len(weighing[row.reviewer_id])))
    return found


def review_of(session: Session, review_id: int, person_id: int | None) -> Review | None:
    """Return a review that is in somebody's hands, with its application; None where it is another's, or nameless."""
    answers = selectinload(Registration.answer_sheet).selectinload(AnswerSheet.answers).joinedload(Answer.question)
    whom = joinedload(Review.registration).options(answers, joinedload(Registration.organisation))
    call = joinedload(Review.reviewer).joinedload(AdmissionReviewer.admission)
    known = (whom, call.options(joinedload(Admission.opening), selectinload(Admission.criteria)))
    row = session.scalar(select(Review).where(Review.id == review_id).options(*known, selectinload(Review.scores)))
    if row is None or person_id is None or row.reviewer.person_id != person_id or row.registration.person_id is None:
        return None
    return row


def readable_answers(review: Review) -> list[Answer]:
    """Return the answers that a reviewer reads: never what is sensitive, and no file where names are hidden."""
    sheet, hides = review.registration.answer_sheet, review.reviewer.admission.hides_names
    told = [one for one in (sheet.answers if sheet else []) if not one.question.is_sensitive]
    told = [one for one in told if not (hides and one.question.kind == FILE)]
    return sorted(told, key=lambda one: (one.question.position, one.question_id))
