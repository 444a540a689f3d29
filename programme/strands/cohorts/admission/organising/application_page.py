"""One application, for organisers of both universities: answers, references, what reviewers said, conflicts, keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from wtforms import SelectChoice

from programme.core.audit import AuditEntry
from programme.core.web.answers import button, done
from programme.core.web.forms import Form
from programme.engines.calendar.forms.choices import Choice
from programme.engines.documents.handing_out import file_or_404
from programme.engines.documents.ports import Reader
from programme.engines.documents.queries import documents_of
from programme.engines.questionnaire.models import Answer, AnswerSheet
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.extensions import database_session
from programme.people import queries as people
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.admission.admitting.forms import CandidatureForm, prefilled
from programme.strands.cohorts.admission.applications import application
from programme.strands.cohorts.admission.judging import HALF_POINTS, Scores, mean_of
from programme.strands.cohorts.admission.referees.queries import (
    FILE_PART,
    REFERENCE,
    admission_of,
    referees_of,
)
from programme.strands.cohorts.admission.reviewing.actions import rule
from programme.strands.cohorts.admission.reviewing.appointing import assign, unassign
from programme.strands.cohorts.admission.reviewing.conflicts import FOR_THE_CHAIR, counts, place_of
from programme.strands.cohorts.admission.scopes import admission_here, of_application, rights_here
from programme.strands.cohorts.admission.states import Ruling
from programme.strands.cohorts.models import Admission, AdmissionReviewer, Reference, Review
from programme.strands.cohorts.records.looking import note_application

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.models import AdmissionCriterion

blueprint = Blueprint("applications", __name__, url_prefix="/organise/applications/<id:registration_id>")
PAGE = "cohorts/admission/application.html"
CONFLICTS = ("declared a conflict", "decided about a conflict")
MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One review as organisers see it: its mean, and its scores in the order of the criteria."""

    row: Review
    place: str
    is_for_chair: bool
    mean: float | None
    scores: tuple[float | None, ...]


def its_page(registration_id: int, **rest: object) -> str:
    """Return the address of an application's page."""
    del rest
    return f"/organise/applications/{registration_id}"


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_application)
def page(registration_id: int) -> Any:
    """Show an application; that somebody looked is noted."""
    row = application_here(registration_id)
    note_application(row, actor(), verb="looked at an application", now=g.now)
    return render_template(PAGE, **shown(row, prefilled(database_session(), row)))


def shown(row: Registration, form: CandidatureForm) -> dict[str, Any]:
    """Return what the page shows."""
    session = database_session()
    admission = admission_here(admission_of(session, row).id)
    one = application(session, admission, row)
    said = reviews_of(session, row, admission.criteria)
    references = referees_of(session, row.id)
    files = {file.subject_id: file for file in documents_of(session, REFERENCE, [one.id for one in references])}
    return {
        "it": row,
        "one": one,
        "admission": admission,
        "cohort": admission.cohort,
        "may": rights_here(admission),
        "answers": plain_answers(row),
        "references": references,
        "files": files,
        "said": said,
        "free": free_reviewers(admission, said),
        "conflicts": conflict_entries(session, row, said),
        "form": form,
        "may_admit": row.state is RegistrationState.CONFIRMED and one.candidature_id is None,
        "here": its_page(row.id),
        "is_late": admission.references_by is not None and admission.references_by < g.now,
    }


def application_here(registration_id: int) -> Registration:
    """Return the application of the address with its answers; its guard has seen that it is there."""
    answers = selectinload(Registration.answer_sheet).selectinload(AnswerSheet.answers).joinedload(Answer.question)
    known = [answers, joinedload(Registration.organisation), joinedload(Registration.opening)]
    return database_session().get(Registration, registration_id, options=known) or abort(404)


def plain_answers(row: Registration) -> list[Answer]:
    """Return the answers but for what is sensitive, which stands on the roll for those who may read it."""
    found = row.answer_sheet.answers if row.answer_sheet else []
    told = [one for one in found if not one.question.is_sensitive]
    return sorted(told, key=lambda one: (one.question.position, one.question_id))


def reviews_of(session: Any, row: Registration, criteria: Sequence[AdmissionCriterion]) -> list[Said]:
    """Return what reviewers said of an application, those of one university together."""
    reviewer = joinedload(Review.reviewer).options(
        joinedload(AdmissionReviewer.person), joinedload(AdmissionReviewer.organisation)
    )
    own = select(Review).where(Review.registration_id == row.id).options(reviewer, selectinload(Review.scores))
    rows = sorted(session.scalars(own), key=lambda one: (one.reviewer.organisation.position, one.id))
    return [said_by(one, criteria) for one in rows]


def said_by(row: Review, criteria: Sequence[AdmissionCriterion]) -> Said:
    """Return one review."""
    given = {one.criterion_id: one.half_points for one in row.scores}
    mean = mean_of(Scores(given, counts=counts(row.conflict, row.ruling)), {one.id: one.weight for one in criteria})
    scores = tuple(given[one.id] / HALF_POINTS if one.id in given else None for one in criteria)
    place = place_of(row.conflict, row.ruling)
    return Said(row, place.value, row.conflict in FOR_THE_CHAIR, None if mean is None else float(mean), scores)


def free_reviewers(admission: Admission, said: Sequence[Said]) -> list[AdmissionReviewer]:
    """Return who does not have an application yet."""
    taken = {one.row.reviewer_id for one in said}
    return [row for row in admission.reviewers if row.id not in taken]


def conflict_entries(session: Any, row: Registration, said: Sequence[Said]) -> list[dict[str, Any]]:
    """Return what was declared and decided about conflicts, as the trail keeps it, the latest first."""
    about = (AuditEntry.subject_kind == "registration", AuditEntry.subject_id == row.id)
    own = select(AuditEntry).where(*about, AuditEntry.verb.in_(CONFLICTS))
    entries = session.scalars(own.order_by(AuditEntry.id.desc()).limit(MOST_ENTRIES)).all()
    names = people.names(session, {entry.person_id for entry in entries if entry.person_id})
    reviewers = {one.row.id: one.row.reviewer.person.name or one.row.reviewer.person.address for one in said}
    return [
        {
            "at": one.at,
            "who": names.get(one.person_id or 0, "Somebody"),
            "after": one.after or {},
            "whom": reviewers.get((one.after or {}).get("review", 0), "a reviewer"),
        }
        for one in entries
    ]


@blueprint.get("/references/<id:reference_id>/file")
@needs(Verb.SEE_PEOPLE, of_application)
def reference_file(registration_id: int, reference_id: int) -> Any:
    """Give the file of a reference; that somebody took it is noted."""
    row = database_session().get(Reference, reference_id)
    if row is None or row.registration_id != registration_id:
        abort(404)
    given = file_or_404((REFERENCE, reference_id), FILE_PART, Reader(actor()))
    note_application(application_here(registration_id), actor(), verb="opened a reference", now=g.now)
    return given


class ReviewerChoice(Form):
    """Which reviewer."""

    reviewer = Choice("Reviewer", coerce=int)


@blueprint.post("/reviewers")
@needs(Verb.EDIT, of_application)
@button(its_page)
def give(registration_id: int) -> Any:
    """Give the application to one more reviewer."""
    session, row = database_session(), application_here(registration_id)
    form = ReviewerChoice(request.form)
    form.reviewer.choices = [
        SelectChoice(one.id, one.person.name) for one in admission_here(admission_of(session, row).id).reviewers
    ]
    if not form.validate():
        abort(400)
    assign(session, row, form.reviewer.data, actor=actor(), now=g.now)
    session.commit()
    return done("The reviewer has it, and is told.", its_page(registration_id))


def review_here(registration_id: int, review_id: int) -> Review:
    """Return a review of the application of the address."""
    row = database_session().get(Review, review_id)
    return row if row is not None and row.registration_id == registration_id else abort(404)


@blueprint.post("/reviews/<id:review_id>/removal")
@needs(Verb.EDIT, of_application)
@button(its_page)
def take(registration_id: int, review_id: int) -> Any:
    """Take the application from a reviewer who has done nothing about it."""
    session, row = database_session(), review_here(registration_id, review_id)
    unassign(session, row.id, actor=actor(), now=g.now)
    session.commit()
    return done("The reviewer does not have it any more.", its_page(registration_id))


@blueprint.post("/reviews/<id:review_id>/ruling")
@needs(Verb.EDIT, of_application)
@button(its_page)
def decide(registration_id: int, review_id: int) -> Any:
    """Decide, as the chair, whether somebody with a conflict may review."""
    session, row = database_session(), review_here(registration_id, review_id)
    wanted = request.form.get("ruling", "")
    if wanted not in set(Ruling):
        abort(400)
    rule(session, row.id, Ruling(wanted), actor=actor(), now=g.now)
    session.commit()
    return done("It is decided, and kept below.", its_page(registration_id))
