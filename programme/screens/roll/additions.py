"""Adding people to a roll: one by one with their answers, or by a pasted list that is shown first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, reading_first
from programme.core.web.words import plural
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.actions import Happened
from programme.engines.registration.openings.parts import with_parts
from programme.engines.registration.queries import tally_of
from programme.engines.registration.roll.forms import PastedForm, PersonForm, person_form
from programme.engines.registration.roll.pasted import MOST_LINES, people_in
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import RegistrationState
from programme.extensions import database_session
from programme.flows.roll.adding import Newcomer, add_all, add_with_answers, judged
from programme.flows.sharing.words import homes_of, left_words
from programme.people import queries as people
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.registrations.answering.handing_in import expect_files, take_files
from programme.screens.registrations.choosing.offered import choice_in, offer
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from programme.engines.registration.actions import Entered
    from programme.engines.registration.models import Opening
    from programme.engines.registration.roll.pasted import Pasted
    from programme.flows.roll.adding import Added

blueprint = Blueprint("roll_additions", __name__, url_prefix="/organise/openings/<id:opening_id>")
STATE_WORDS = {
    RegistrationState.CONFIRMED: "has a place",
    RegistrationState.WAITLISTED: "is on the waiting list",
    RegistrationState.PENDING: "is registered and waits for the decision",
}


@blueprint.get("/people/new")
@needs(Verb.DECIDE, of_opening)
def new_person(opening_id: int) -> Any:
    """Show the form for one person."""
    opening = opening_here(opening_id)
    return render_template("roll/additions/new_person.html", **shown(opening, form_for(opening)))


def form_for(opening: Opening, typed: Any = None) -> PersonForm:
    """Return the form with the opening's questions."""
    asked = with_parts(database_session(), opening.id, asked_by(opening.questionnaire))
    form = person_form(asked, people.universities(database_session()), typed)
    if opening.chooses is None:
        del form.events
    else:
        offer(form.events, opening, chairs_by_event(database_session(), opening.events))
        form.events.label.text = "Comes to"
    return form


def shown(opening: Opening, form: Any, **more: Any) -> dict[str, Any]:
    """Return what the pages show."""
    session = database_session()
    tally = tally_of(session, opening, now=g.now)
    told = {"free": tally.free, "kept": left_words(tally, homes_of(opening), now=g.now)}
    return {**framed(session, opening, now=g.now), "form": form, **told, **more}


@blueprint.post("/people")
@reading_first
@needs(Verb.DECIDE, of_opening)
def add_person(opening_id: int) -> Any:
    """Add one person; they are told."""
    session, opening = database_session(), opening_here(opening_id)
    expect_files(asked_by(opening.questionnaire))
    form = form_for(opening, request.form)
    take_files(form)
    if not form.validate():
        return form_again("roll/additions/new_person.html", **shown(opening, form))
    go_on_writing(session)
    session.expire_all()
    try:
        entered = add_with_answers(session, opening, newcomer(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again("roll/additions/new_person.html", **shown(opening_here(opening_id), form))
    session.commit()
    return done(sentence(entered), f"/organise/openings/{opening_id}")


def newcomer(form: PersonForm) -> Newcomer:
    """Return who was typed."""
    return Newcomer(
        name=form.name.data,
        address=form.address.data,
        answers=form.answers(),
        organisation_id=form.organisation.data,
        choice=choice_in(form.events) if "events" in form else frozenset(),
        even_if_full=bool(form.even_if_full.data),
    )


def sentence(entered: Entered) -> str:
    """Say what became of somebody who was added."""
    row = entered.registration
    if entered.happened is not Happened.NEW:
        return f"{row.name} was on the roll already; nothing is changed."
    return f"{row.name} {STATE_WORDS.get(row.state, 'is on the roll')} and is told."


@blueprint.get("/people/pasted")
@needs(Verb.DECIDE, of_opening)
def pasted(opening_id: int) -> Any:
    """Show the form for a pasted list."""
    return render_template("roll/additions/pasted.html", **shown(opening_here(opening_id), PastedForm(), lines=None))


@blueprint.post("/people/pasted")
@needs(Verb.DECIDE, of_opening)
def preview(opening_id: int) -> Any:
    """Show what a list would come to, line by line; nothing is changed."""
    opening, form = opening_here(opening_id), PastedForm(request.form)
    if not form.validate():
        return form_again("roll/additions/pasted.html", **shown(opening, form, lines=None))
    lines = lines_of(opening_id, form)
    if lines is None:
        return form_again("roll/additions/pasted.html", **shown(opening, form, lines=None))
    right = sum(not one.problem for one in lines)
    return render_template("roll/additions/pasted.html", **shown(opening, form, lines=lines, right=right))


def lines_of(opening_id: int, form: PastedForm) -> list[Pasted] | None:
    """Return the lines of a list with their problems; None where there are too many, which the form says."""
    lines = people_in(form.people.data)
    if len(lines) > MOST_LINES:
        form.refuse(Refusal(f"Paste {MOST_LINES} people at most at once.", field="people"))
        return None
    return judged(database_session(), opening_id, lines)


@blueprint.post("/people/list")
@needs(Verb.DECIDE, of_opening)
def add_list(opening_id: int) -> Any:
    """Add everybody of a list whose line is right; they are told."""
    session, opening, form = database_session(), opening_here(opening_id), PastedForm(request.form)
    lines = lines_of(opening_id, form) if form.validate() else None
    if lines is None:
        return form_again("roll/additions/pasted.html", **shown(opening, form, lines=None))
    beyond = bool(form.even_if_full.data)
    added = add_all(session, opening_id, lines, actor=actor(), now=g.now, even_if_full=beyond)
    if not added.new:
        session.rollback()
        form.refuse(Refusal("Nobody could be added: see the lines below.", field="people"))
        again = shown(opening_here(opening_id), form, lines=added.left, right=0)
        return form_again("roll/additions/pasted.html", **again)
    session.commit()
    return done(list_sentence(added), f"/organise/openings/{opening_id}")


def list_sentence(added: Added) -> str:
    """Say what became of a list."""
    said = f"{plural(len(added.new), 'person', 'people')} added and told."
    waiting = sum(row.state is RegistrationState.WAITLISTED for row in added.new)
    if waiting:
        said += f" {waiting} of them on the waiting list."
    return f"{said} {plural(len(added.left), 'line')} left out." if added.left else said
