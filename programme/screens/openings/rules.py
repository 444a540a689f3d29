"""The rules of a question: after which answers it is asked, and which of its own end the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.engines.questionnaire import conditions
from programme.engines.questionnaire.actions import asked_by, asked_of, condition_of
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.ruling import condition_form, ending_form
from programme.engines.questionnaire.showing import said
from programme.extensions import database_session
from programme.people.guards import needs
from programme.people.permissions import Verb
from programme.screens.openings.questions import change_form, here, question_of
from programme.screens.openings.second.which import form_of, framed_form
from programme.screens.roll.asking import ids_in
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.core.web.forms import Form
    from programme.engines.questionnaire.models import Question, Questionnaire
    from programme.engines.registration.models import Opening

PREFIX = "/organise/openings/<id:opening_id>/questions/<id:question_id>"
blueprint = Blueprint("question_rules", __name__, url_prefix=PREFIX)
CONDITION, ENDING = (f"roll/questions/{name}.html" for name in ("condition", "ending"))


def of_question(opening_id: int, question_id: int) -> tuple[Opening, Question]:
    """Return an opening with one of its questions."""
    opening = opening_here(opening_id)
    return opening, question_of(opening, question_id)


def shown(opening: Opening, row: Question, form: Form | None, **more: Any) -> dict[str, Any]:
    """Return what the pages of a question's rules show."""
    return {**framed_form(opening), "form": form, "question": row, **more}


@blueprint.get("/condition")
@needs(Verb.EDIT, of_opening)
def condition(opening_id: int, question_id: int) -> Any:
    """Show when a question is asked: an earlier question to choose, then its answers."""
    opening, row = of_question(opening_id, question_id)
    source = source_of(opening, row, ids_in(request.args.getlist("of")))
    form = condition_form(row, source) if source else None
    return render_template(CONDITION, **condition_shown(opening, row, form, source))


def source_of(opening: Opening, row: Question, wanted: list[int]) -> Question | None:
    """Return the earlier question that was chosen, or that which the condition goes by now."""
    kept = condition_of(row)
    ids = wanted or ([kept.question] if kept else [])
    return next((one for one in earlier(opening, row) if one.id in ids), None)


def earlier(opening: Opening, row: Question) -> list[Question]:
    """Return the questions by whose answers this one may be asked."""
    sheet = form_of(opening)
    return conditions.sources(sheet, row) if sheet else []


def condition_shown(opening: Opening, row: Question, form: Form | None, source: Question | None) -> dict[str, Any]:
    """Return what the page of a condition shows."""
    kept, questions = condition_of(row), asked_by(form_of(opening))
    words = said(kept, questions) if kept else ""
    return shown(opening, row, form, source=source, sources=earlier(opening, row), words=words)


@blueprint.post("/condition")
@needs(Verb.EDIT, of_opening)
def ask_only_if(opening_id: int, question_id: int) -> Any:
    """Ask a question only after some answers."""
    opening, row = of_question(opening_id, question_id)
    source = source_of(opening, row, ids_in(request.form.getlist("source"))) or abort(404)
    form = condition_form(row, source, request.form)

    def changed(session: Session, sheet: Questionnaire) -> str:
        del sheet
        conditions.ask_only_if(session, row, source, form.answers.data or ())
        return row.label

    try:
        change_form(opening_id, "changed when a question is asked", changed)
    except Refusal as refusal:
        database_session().rollback()
        form.refuse(refusal)
        return form_again(CONDITION, **condition_shown(opening_here(opening_id), row, form, source))
    return done(f"“{row.label}” is asked only then.", f"{here(opening_id)}#question-{question_id}")


@blueprint.post("/condition/removal")
@needs(Verb.EDIT, of_opening)
@button(here)
def ask_always(opening_id: int, question_id: int) -> Any:
    """Ask a question whatever was answered before."""
    _, row = of_question(opening_id, question_id)

    def changed(session: Session, sheet: Questionnaire) -> str:
        del sheet
        conditions.ask_always(session, row)
        return row.label

    change_form(opening_id, "changed when a question is asked", changed)
    return done(f"“{row.label}” is always asked.", f"{here(opening_id)}#question-{question_id}")


@blueprint.get("/ending")
@needs(Verb.EDIT, of_opening)
def ending(opening_id: int, question_id: int) -> Any:
    """Show which answers end the form."""
    opening, row = of_question(opening_id, question_id)
    if not KINDS[row.kind].choices(asked_of(row)):
        abort(404)
    return render_template(ENDING, **shown(opening, row, ending_form(row)))


@blueprint.post("/ending")
@needs(Verb.EDIT, of_opening)
def end_form_at(opening_id: int, question_id: int) -> Any:
    """Let some answers end the form, or none."""
    opening, row = of_question(opening_id, question_id)
    form = ending_form(row, request.form)
    if not form.validate():
        return form_again(ENDING, **shown(opening, row, form))
    offered = [choice.value for choice in form.answers.choices]
    answers = [one for one in form.answers.data or () if one in offered]

    def changed(session: Session, sheet: Questionnaire) -> str:
        del sheet
        conditions.end_form_at(session, row, answers, form.words.data or "")
        return row.label

    try:
        change_form(opening_id, "changed which answers end the form", changed)
    except Refusal as refusal:
        database_session().rollback()
        form.refuse(refusal)
        return form_again(ENDING, **shown(opening_here(opening_id), row, form))
    words = "With those answers the form ends." if answers else "No answer ends the form."
    return done(words, f"{here(opening_id)}#question-{question_id}")
