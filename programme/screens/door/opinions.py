"""What those who came said, counted and without names; what they are asked; and the letter that asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from wtforms import SelectChoice

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.downloads import csv_bytes, download
from programme.core.web.lists import page_number, page_of
from programme.core.web.words import plural
from programme.engines.questionnaire.actions import current_questions
from programme.engines.questionnaire.building import QuestionForm
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.registration.feedback import actions, queries
from programme.engines.reminders.outgoing.forecast import expected
from programme.engines.reminders.outgoing.occurrences import standing
from programme.engines.reminders.queries import rules_of
from programme.extensions import database_session
from programme.flows.door.asking_how_it_was import ask_those_who_came, begin_asking
from programme.flows.subjects.feedback import FEEDBACKS
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.openings.questions import DOWN, UP
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.registration.models import Opening

blueprint = Blueprint("opinions", __name__, url_prefix="/organise/openings/<id:opening_id>/feedback")
RESULTS, QUESTIONS = "roll/feedback/results.html", "roll/feedback/questions.html"
TOO_FEW = f"Nothing is shown or downloaded before {queries.FEWEST} people have answered."


def here(opening_id: int, **rest: object) -> str:
    """Return the address of what was said."""
    del rest
    return f"/organise/openings/{opening_id}/feedback"


def asked_here(opening_id: int, **rest: object) -> str:
    """Return the address of what is asked."""
    del rest
    return f"{here(opening_id)}/questions"


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_opening)
def results(opening_id: int) -> Any:
    """Show what was said, once enough have answered that nobody can be told."""
    session, opening = database_session(), opening_here(opening_id)
    number = queries.how_many(session, opening_id)
    is_shown = number >= queries.FEWEST
    questions = queries.questions_of(session, opening_id) if is_shown else []
    comments = queries.comments(opening_id)
    page = page_of(session, comments, number=page_number(request.args.get("page"))) if is_shown else None
    return render_template(
        RESULTS,
        **framed(session, opening, now=g.now),
        number=number,
        fewest=queries.FEWEST,
        asks=actions.form_of(session, opening_id) is not None,
        silent=queries.how_many_silent(session, opening_id),
        next_letter=next_letter(opening_id),
        summaries=queries.summaries(session, opening_id, questions),
        page=page,
    )


def next_letter(opening_id: int) -> datetime | None:
    """Return when those who came are asked by itself, if that is to come."""
    session = database_session()
    rules = rules_of(session, FEEDBACKS.kind, opening_id)
    found = expected(standing(session, FEEDBACKS, [rule.id for rule in rules]).values(), now=g.now) if rules else []
    ahead = [one.turn.due for one in found if one.turn.due > g.now and one.rule.created_at <= one.turn.due]
    return min(ahead, default=None)


@blueprint.post("/letters")
@needs(Verb.DECIDE, of_opening)
@button(here)
def ask(opening_id: int) -> Any:
    """Ask those who came, by a letter to each, once."""
    number = ask_those_who_came(database_session(), opening_here(opening_id), actor=actor(), now=g.now)
    database_session().commit()
    said = f"{plural(number, 'person', 'people')} asked by e-mail." if number else "Everybody was asked before."
    return done(said, here(opening_id))


@blueprint.post("/file")
@needs(Verb.EXPORT, of_opening)
@button(here)
def export(opening_id: int) -> Any:
    """Give what was said as a table: a line a person, in no order that tells who."""
    session, opening = database_session(), opening_here(opening_id)
    if queries.how_many(session, opening_id) < queries.FEWEST:
        raise Refusal(TOO_FEW)
    questions = queries.questions_of(session, opening_id)
    lines = queries.lines(session, opening_id, questions)
    note(session, opening, "exported feedback", actor=actor(), now=g.now, after={"lines": len(lines)})
    content = csv_bytes([question.label for question in questions], lines)
    session.commit()
    return download(content, title=f"feedback {opening.title}", ending="csv", media_type="text/csv; charset=utf-8")


@blueprint.get("/questions")
@needs(Verb.EDIT, of_opening)
def questions(opening_id: int) -> Any:
    """Show what is asked afterwards."""
    return render_template(QUESTIONS, **asked(opening_here(opening_id), question_form()))


def question_form(typed: Any = None) -> QuestionForm:
    """Return the form for one question, with the kinds that make sense without a name."""
    form = QuestionForm(typed)
    kinds = [KINDS[name] for name in actions.KINDS_ASKED if name in KINDS]
    form.kind.choices = [SelectChoice(kind.name, kind.title, {"hint": kind.about}) for kind in kinds]
    form.label.description = "Or the words of a heading."
    del form.is_sensitive
    return form


def asked(opening: Opening, form: QuestionForm) -> dict[str, Any]:
    """Return what the page of questions shows."""
    session = database_session()
    row = actions.form_of(session, opening.id)
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "asks": row is not None,
        "questions": current_questions(row.questionnaire) if row else [],
        "ready": actions.READY_MADE,
        "kinds": KINDS,
        "number": queries.how_many(session, opening.id),
    }


@blueprint.post("/questions")
@needs(Verb.EDIT, of_opening)
@button(asked_here)
def begin(opening_id: int) -> Any:
    """Begin with the questions that are ready."""
    session = database_session()
    begin_asking(session, opening_here(opening_id), now=g.now)
    changed(opening_id, "the usual questions")
    session.commit()
    said = "Those who come will be asked these, by a letter after the end. Change them, and when it goes, as you like."
    return done(said, asked_here(opening_id))


def changed(opening_id: int, what: str) -> None:
    """Write down that what is asked has changed."""
    opening = opening_here(opening_id)
    note(database_session(), opening, "changed the feedback form", actor=actor(), now=g.now, after={"question": what})


@blueprint.post("/questions/new")
@needs(Verb.EDIT, of_opening)
def add(opening_id: int) -> Any:
    """Ask one more question."""
    session, form = database_session(), question_form(request.form)
    if not form.validate():
        return form_again(QUESTIONS, **asked(opening_here(opening_id), form))
    try:
        label = actions.ask(session, opening_id, values_of(form)).label
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(QUESTIONS, **asked(opening_here(opening_id), form))
    changed(opening_id, label)
    session.commit()
    return done("The question is added.", asked_here(opening_id))


def values_of(form: QuestionForm) -> dict[str, Any]:
    """Return what was typed, as the verb takes it."""
    return {
        "kind": form.kind.data,
        "label": form.label.data,
        "hint": form.hint.data or "",
        "is_required": bool(form.is_required.data),
        "settings": form.settings(),
    }


@blueprint.post("/questions/<id:question_id>/retirement")
@needs(Verb.EDIT, of_opening)
@button(asked_here)
def retire(opening_id: int, question_id: int) -> Any:
    """Ask a question no more."""
    session = database_session()
    label = actions.stop_asking(session, opening_id, question_id)
    changed(opening_id, label)
    session.commit()
    return done("The question is not asked any more. Answers that were given stay.", asked_here(opening_id))


@blueprint.post("/questions/<id:question_id>/place")
@needs(Verb.EDIT, of_opening)
@button(asked_here)
def place(opening_id: int, question_id: int) -> Any:
    """Move a question up or down."""
    session = database_session()
    label = actions.move(session, opening_id, question_id, steps=UP if request.form.get("to") == "up" else DOWN)
    changed(opening_id, label)
    session.commit()
    return done(f"“{label}” is moved.", f"{asked_here(opening_id)}#question-{question_id}")
