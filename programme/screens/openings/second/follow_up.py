"""The follow-up form of an opening: until when, asking it of those who have a place, and how many answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import Form
from programme.core.web.words import plural
from programme.engines.calendar.forms.instants import InstantField
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.follow_ups.queries import follow_up_of, sums
from programme.extensions import database_session
from programme.flows.answering import follow_ups
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.openings.second.which import framed_form
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from programme.engines.registration.models import Opening

blueprint = Blueprint("follow_up", __name__, url_prefix="/organise/openings/<id:opening_id>/follow-up")
TEMPLATE = "roll/follow_up/page.html"


class DeadlineForm(Form):
    """Until when it may be answered."""

    answer_by = InstantField("Answers are due by", description="Leave it empty to take answers at any time.")


def here(opening_id: int) -> str:
    """Return the address of the page."""
    return f"/organise/openings/{opening_id}/follow-up"


@blueprint.get("")
@needs(Verb.EDIT, of_opening)
def page(opening_id: int) -> Any:
    """Show where the follow-up form stands."""
    found = follow_up_of(database_session(), opening_id)
    form = DeadlineForm(data={"answer_by": found.answer_by if found else None})
    return render_template(TEMPLATE, **shown(opening_here(opening_id), form))


def shown(opening: Opening, form: DeadlineForm) -> dict[str, Any]:
    """Return what the page shows."""
    session = database_session()
    found = follow_up_of(session, opening.id)
    asked, answered = sums(session, found.id) if found else (0, 0)
    questions = [one for one in asked_by(found.questionnaire) if one.kind != "section"] if found else []
    numbers = {"asked": asked, "answered": answered, "questions": len(questions)}
    return {**framed_form(opening), "form": form, "follow_up": found, **numbers}


@blueprint.post("")
@needs(Verb.EDIT, of_opening)
def plan(opening_id: int) -> Any:
    """Say until when it may be answered."""
    session, form = database_session(), DeadlineForm(request.form)
    if form.validate():
        try:
            follow_ups.plan_follow_up(session, opening_id, answer_by=form.answer_by.data, actor=actor(), now=g.now)
            session.commit()
            return done("Saved.", here(opening_id))
        except Refusal as refusal:
            session.rollback()
            form.refuse(refusal)
    return form_again(TEMPLATE, **shown(opening_here(opening_id), form))


@blueprint.post("/asking")
@needs(Verb.DECIDE, of_opening)
@button(here)
def ask(opening_id: int) -> Any:
    """Ask everybody who has a place, and from now on whoever gets one."""
    session = database_session()
    number = follow_ups.ask(session, opening_id, actor=actor(), now=g.now)
    session.commit()
    asked = f"{plural(number, 'person is', 'people are')} asked by letter" if number else "Nobody has a place yet"
    return done(f"{asked}; whoever gets a place from now on is asked, too.", here(opening_id))


@blueprint.post("/end")
@needs(Verb.DECIDE, of_opening)
@button(here)
def stop(opening_id: int) -> Any:
    """Ask nobody else."""
    session = database_session()
    follow_ups.stop_asking(session, opening_id, actor=actor(), now=g.now)
    session.commit()
    return done("Nobody else is asked. Who was asked may still answer.", here(opening_id))
