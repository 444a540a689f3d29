"""Reviewers' own pages: what they have to do, a declaration before each application, and its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.web.answers import carried_out, form_again
from programme.core.web.words import plural
from programme.engines.documents.handing_out import file_or_404
from programme.engines.documents.ports import Reader
from programme.engines.documents.queries import documents_of
from programme.extensions import database_session
from programme.flows.answering.files import SHEET
from programme.people.guards import actor, signed_in
from programme.strands.cohorts.admission.judging import is_locked
from programme.strands.cohorts.admission.referees.queries import FILE_PART, REFERENCE, UNDECIDED, referees_of
from programme.strands.cohorts.admission.reviewing import actions
from programme.strands.cohorts.admission.reviewing.conflicts import RECUSE_BY_THEMSELVES, place_of
from programme.strands.cohorts.admission.reviewing.forms import CONFLICT_WORDS, DeclarationForm, score_form
from programme.strands.cohorts.admission.reviewing.queries import (
    readable_answers,
    review_of,
    reviewing,
    tasks,
    title_for,
)
from programme.strands.cohorts.admission.states import Conflict, Place, ReferenceState
from programme.strands.cohorts.models import Reference
from programme.strands.cohorts.records.looking import note_applicants, note_application

if TYPE_CHECKING:
    from programme.strands.cohorts.admission.reviewing.forms import ScoreForm
    from programme.strands.cohorts.models import Review

blueprint = Blueprint("reviewing", __name__, url_prefix="/reviewing")
LIST, PAGE = "cohorts/reviewing/list.html", "cohorts/reviewing/review.html"


@blueprint.get("")
@signed_in
def mine() -> Any:
    """Show where the reader reviews."""
    rows = reviewing(database_session(), actor().person_id or 0)
    return render_template("cohorts/reviewing/mine.html", rows=rows, tasks=tasks(database_session(), rows))


@blueprint.get("/<id:admission_id>")
@signed_in
def applications(admission_id: int) -> Any:
    """Show the applications of one call that the reader reviews; for everybody else there is no such page."""
    rows = [row for row in reviewing(database_session(), actor().person_id or 0) if row.admission_id == admission_id]
    if not rows:
        abort(404)
    row = rows[0]
    locked = is_locked(row.admission.reviews_by, row.open_until, now=g.now)
    found = tasks(database_session(), rows)[row.id]
    shown_here = [(one.row.registration_id, one.row.registration.person_id) for one in found]
    note_applicants(row.admission, shown_here, actor(), verb="looked at applications", now=g.now)
    return render_template(LIST, reviewer=row, admission=row.admission, tasks=found, locked=locked)


def its_page(review_id: int) -> str:
    """Return the address of a review."""
    return f"/reviewing/applications/{review_id}"


def review_here(review_id: int) -> Review:
    """Return the review of the address, if it is the reader's."""
    return review_of(database_session(), review_id, actor().person_id) or abort(404)


@blueprint.get("/applications/<id:review_id>")
@signed_in
def page(review_id: int) -> Any:
    """Show what is to be declared, or the application with its scores; that somebody looked is noted."""
    review = review_here(review_id)
    note_application(review.registration, actor(), verb="looked at an application", now=g.now)
    return render_template(PAGE, **shown(review))


def shown(
    review: Review, declaration: DeclarationForm | None = None, scores: ScoreForm | None = None
) -> dict[str, Any]:
    """Return what the page shows: of the application nothing, as long as its reviewer may not see it."""
    admission = review.reviewer.admission
    place = place_of(review.conflict, review.ruling)
    opens = place is Place.OPEN
    told = {"conflict": review.conflict.value if review.conflict else None, "words": review.conflict_words}
    return {
        "review": review,
        "admission": admission,
        "title": title_for(review),
        "place": place.value,
        "declaration": declaration or DeclarationForm(data=told),
        "declared": CONFLICT_WORDS[review.conflict][0] if review.conflict else "",
        "is_final": review.conflict in RECUSE_BY_THEMSELVES,
        "scores": scores or score_form(admission, review) if opens else None,
        "answers": readable_answers(review) if opens else [],
        **references_for(review, opens=opens),
        "locked": is_locked(admission.reviews_by, review.reviewer.open_until, now=g.now),
        "is_decided": review.registration.state not in UNDECIDED,
        "here": its_page(review.id),
    }


def references_for(review: Review, *, opens: bool) -> dict[str, Any]:
    """Return the references that a reviewer reads: those that came, unless names are hidden."""
    if not opens or review.reviewer.admission.hides_names:
        return {"references": [], "files": {}}
    rows = referees_of(database_session(), review.registration_id)
    came = [row for row in rows if row.state is ReferenceState.RECEIVED]
    files = documents_of(database_session(), REFERENCE, [row.id for row in came])
    return {"references": came, "files": {file.subject_id: file for file in files}}


@blueprint.post("/applications/<id:review_id>/declaration")
@signed_in
def declare(review_id: int) -> Any:
    """Keep what ties the reviewer to the applicant."""
    review_here(review_id)
    form = DeclarationForm(request.form)

    def verb() -> tuple[str, str]:
        tie, words = Conflict(form.conflict.data), form.words.data or ""
        actions.declare(database_session(), review_id, tie, words=words, actor=actor(), now=g.now)
        return "It is noted.", its_page(review_id)

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(review_here(review_id), declaration=form)))


@blueprint.post("/applications/<id:review_id>/scores")
@signed_in
def score(review_id: int) -> Any:
    """Keep what the reviewer gives so far."""
    review = review_here(review_id)
    form = score_form(review.reviewer.admission, review, request.form)
    if place_of(review.conflict, review.ruling) is not Place.OPEN:
        abort(404)

    def verb() -> tuple[str, str]:
        given, words = form.given(), form.remarks.data or ""
        actions.score(database_session(), review_id, given, words=words, actor=actor(), now=g.now)
        left = len(review.reviewer.admission.criteria) - len(given)
        rest = f" {plural(left, 'criterion is', 'criteria are')} left to score." if left else ""
        return f"Saved.{rest} You may change it until reviewing ends.", its_page(review_id)

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(review_here(review_id), scores=form)))


@blueprint.get("/applications/<id:review_id>/files/<id:question_id>")
@signed_in
def answer_file(review_id: int, question_id: int) -> Any:
    """Give a file that came with the application; that somebody took it is noted."""
    row = review_here(review_id).registration
    given = file_or_404((SHEET, row.answer_sheet_id or 0), question_id, Reader(actor()))
    note_application(row, actor(), verb="opened a file of an application", now=g.now)
    return given


@blueprint.get("/applications/<id:review_id>/references/<id:reference_id>/file")
@signed_in
def reference_file(review_id: int, reference_id: int) -> Any:
    """Give the file of a reference; that somebody took it is noted."""
    row, review = database_session().get(Reference, reference_id), review_here(review_id)
    if row is None or row.registration_id != review.registration_id:
        abort(404)
    given = file_or_404((REFERENCE, reference_id), FILE_PART, Reader(actor()))
    note_application(review.registration, actor(), verb="opened a reference", now=g.now)
    return given
