"""The form of an opening, built in the browser: questions added, changed, moved, retired, copied and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from programme.core.audit import note
from programme.core.refusal import Meanwhile, Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.core.web.answers import button, done, form_again
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.building import (
    READY_MADE,
    READY_MADE_TITLES,
    WITH_BOUNDS,
    WITH_OPTIONS,
    QuestionForm,
    question_data,
)
from programme.engines.questionnaire.forms import answers_in_words
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.moving import move_question
from programme.engines.questionnaire.queries import answered_versions
from programme.engines.questionnaire.showing import said
from programme.engines.registration.actions import lock
from programme.engines.registration.openings.queries import forms_to_copy
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.roll.answers import questions_of
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.openings.second.which import base, form_of, form_to_change, framed_form, is_second
from programme.screens.roll.asking import ids_in
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.kinds import Asked
    from programme.engines.questionnaire.models import Question, Questionnaire
    from programme.engines.registration.models import Opening

REPLACED = (
    "Somebody else changed this question or took it away while you had it open. What you typed stands here: look at the"
    " form as it is now, and add yours if it is still wanted."
)
blueprint = Blueprint("opening_questions", __name__, url_prefix="/organise/openings/<id:opening_id>/questions")
UP, DOWN = -1, 1


def here(opening_id: int, **rest: object) -> str:
    """Return the address of an opening's form."""
    del rest
    return f"{base(opening_id)}/questions"


@blueprint.get("")
@needs(Verb.EDIT, of_opening)
def questions(opening_id: int) -> Any:
    """List the questions, with the form for one more."""
    return render_template("roll/questions/questions.html", **shown(opening_here(opening_id), QuestionForm()))


def shown(opening: Opening, form: QuestionForm) -> dict[str, Any]:
    """Return what the page of questions shows."""
    session, sheet = database_session(), form_of(opening)
    asked = actions.asked_by(sheet)
    return {
        **framed_form(opening),
        "form": form,
        "asked": actions.current_questions(sheet) if sheet else [],
        "retired": [row for row in questions_of(sheet) if row.retired_in is not None],
        "versions": answered_versions(session, sheet) if sheet else {},
        "only_if": {one.id: said(one.condition, asked) for one in asked if one.condition},
        "ends_if": {one.id: answers_in_words(one) for one in asked if one.ends},
        "has_choices": {one.id for one in asked if KINDS[one.kind].choices(one)},
        "may_depend": may_depend(asked),
        "kinds": KINDS,
        "ready": READY_MADE_TITLES,
        "others": copied_from(opening.id),
        "with_options": WITH_OPTIONS,
        "with_bounds": WITH_BOUNDS,
    }


def copied_from(opening_id: int) -> list[Opening]:
    """Return the openings whose form may be copied: those that whoever asks may see."""
    others = forms_to_copy(database_session(), actor(), apart_from=opening_id)
    return [other for other in others if may(actor(), Verb.SEE_DRAFT, opening_scope(other))]


def may_depend(asked: Sequence[Asked]) -> set[int]:
    """Return the questions that come after one whose answers can be chosen."""
    first = next((place for place, one in enumerate(asked) if KINDS[one.kind].choices(one)), len(asked))
    return {one.id for one in asked[first + 1 :]}


@blueprint.post("")
@needs(Verb.EDIT, of_opening)
def add(opening_id: int) -> Any:
    """Ask one more question."""
    form = QuestionForm(request.form)
    if not form.validate() or form.refuse_larger(largest_file()):
        return form_again("roll/questions/questions.html", **shown(opening_here(opening_id), form))
    try:
        change_form(opening_id, "added a question", lambda session, sheet: ask(session, sheet, form.values()))
    except Refusal as refusal:
        database_session().rollback()
        form.refuse(refusal)
        return form_again("roll/questions/questions.html", **shown(opening_here(opening_id), form))
    return done("The question is added.", here(opening_id))


def largest_file() -> int:
    """Return how many megabytes a file may have in this installation."""
    return int(current_app.extensions["settings"].file_megabytes)


def ask(session: Session, sheet: Questionnaire, values: dict[str, Any]) -> str:
    """Add a question and return what it asks."""
    return actions.add_question(session, sheet, **values).label


@blueprint.post("/ready-made")
@needs(Verb.EDIT, of_opening)
@button(here)
def ready_made(opening_id: int) -> Any:
    """Ask one of the questions that are ready."""
    values = READY_MADE.get(request.form.get("question", ""))
    if values is None:
        raise Refusal("Choose one of the ready-made questions.")
    change_form(opening_id, "added a question", lambda session, sheet: ask(session, sheet, dict(values)))
    return done("The question is added. Change it as you like.", here(opening_id))


@blueprint.get("/<id:question_id>")
@needs(Verb.EDIT, of_opening)
def question(opening_id: int, question_id: int) -> Any:
    """Show one question as a form."""
    opening = opening_here(opening_id)
    row = question_of(opening, question_id)
    return render_template("roll/questions/question.html", **one(opening, row, QuestionForm(data=question_data(row))))


def one(opening: Opening, row: Question, form: QuestionForm) -> dict[str, Any]:
    """Return what the page of one question shows."""
    frame = framed_form(opening)
    is_answered = actions.is_answered(database_session(), row)
    kind, asked = KINDS[row.kind], actions.asked_by(form_of(opening))
    rules = {
        "has_choices": bool(kind.choices(actions.asked_of(row))),
        "may_depend": row.id in may_depend(asked),
        "has_places": kind.has_places and not is_second(),
    }
    seen = request.form.get("seen", "") or seen_of(row)
    return {**frame, "form": form, "question": row, "is_answered": is_answered, "seen": seen, **rules}


def seen_of(row: Question) -> str:
    """Return a mark of what the form of a question shows."""
    return mark_of(question_data(row))


@blueprint.post("/<id:question_id>")
@needs(Verb.EDIT, of_opening)
def change(opening_id: int, question_id: int) -> Any:
    """Change a question; an answered one is retired and succeeded."""
    opening, form = opening_here(opening_id), QuestionForm(request.form)
    row = question_or_none(opening, question_id)
    if row is None:
        form.refuse(Refusal(REPLACED))
        return form_again("roll/questions/questions.html", **shown(opening, form))
    if not form.validate() or form.refuse_larger(largest_file()):
        return form_again("roll/questions/question.html", **one(opening, row, form))

    def changed(session: Session, sheet: Questionnaire) -> str:
        del sheet
        refuse_if_changed(request.form.get("seen", ""), seen_of(row))
        return actions.change_question(session, row, **form.values()).label

    try:
        change_form(opening_id, "changed a question", changed)
    except Refusal as refusal:
        database_session().rollback()
        form.refuse(refusal)
        now_shown = one(opening_here(opening_id), row, form)
        if isinstance(refusal, Meanwhile):
            now_shown["seen"] = seen_of(row)
        return form_again("roll/questions/question.html", **now_shown)
    return done("The question is changed.", here(opening_id))


@blueprint.post("/<id:question_id>/retirement")
@needs(Verb.EDIT, of_opening)
@button(here)
def retirement(opening_id: int, question_id: int) -> Any:
    """Stop asking a question."""
    row = question_of(opening_here(opening_id), question_id)

    def retired(session: Session, sheet: Questionnaire) -> str:
        del sheet
        label = row.label
        actions.retire_question(session, row)
        return label

    change_form(opening_id, "retired a question", retired)
    return done("The question is not asked any more. Answers that were given stay.", here(opening_id))


@blueprint.post("/<id:question_id>/place")
@needs(Verb.EDIT, of_opening)
@button(here)
def place(opening_id: int, question_id: int) -> Any:
    """Move a question up or down."""
    row = question_of(opening_here(opening_id), question_id)
    steps = UP if request.form.get("to") == "up" else DOWN

    def moved(session: Session, sheet: Questionnaire) -> str:
        del sheet
        move_question(session, row, steps=steps)
        return row.label

    change_form(opening_id, "moved a question", moved)
    return done(f"“{row.label}” is moved.", f"{here(opening_id)}#question-{question_id}")


@blueprint.post("/copy")
@needs(Verb.EDIT, of_opening)
@button(here)
def copy(opening_id: int) -> Any:
    """Add the questions of another opening's form."""
    chosen = ids_in(request.form.getlist("opening"))
    other = next((row for row in copied_from(opening_id) if row.id in chosen), None)
    if other is None or other.questionnaire is None:
        raise Refusal("Choose an opening whose form you may copy.")
    source = other.questionnaire

    def copied(session: Session, sheet: Questionnaire) -> str:
        actions.copy_questions(session, source, sheet)
        return other.title

    change_form(opening_id, "copied a form", copied)
    return done(f"The questions of “{other.title}” are added.", here(opening_id))


def change_form(opening_id: int, verb: str, change_it: Callable[[Session, Questionnaire], str]) -> None:
    """Change an opening's form under its lock, making one where there is none; commits."""
    session = database_session()
    opening = lock(session, opening_id)
    sheet = form_to_change(session, opening)
    try:
        actions.read_afresh(session, sheet)
        told = change_it(session, sheet)
    except (ObjectDeletedError, StaleDataError):
        session.rollback()
        raise Refusal("Somebody else took this question away meanwhile. Look at the form as it is now.") from None
    after = {"question": told, "version": sheet.version}
    note(session, opening, verb, actor=actor(), now=g.now, after=after)
    session.commit()


def question_of(opening: Opening, question_id: int) -> Question:
    """Return a question of this opening's form that is asked now."""
    return question_or_none(opening, question_id) or abort(404)


def question_or_none(opening: Opening, question_id: int) -> Question | None:
    """Return the same, or None where it is not asked any more; 404 where it never was."""
    sheet = form_of(opening)
    if sheet is None or not any(row.id == question_id for row in sheet.questions):
        abort(404)
    return next((row for row in actions.current_questions(sheet) if row.id == question_id), None)
