"""Adding people to a roll: one by one with their answers, or by a pasted list that is shown first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, reading_first
from programme.core.web.words import plural
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.actions import Happened
from programme.engines.registration.choosing.newcomers import refuse_no_choice
from programme.engines.registration.openings.parts import with_parts
from programme.engines.registration.places import smallest
from programme.engines.registration.queries import tally_of
from programme.engines.registration.roll.forms import PastedForm, PersonForm, person_form
from programme.engines.registration.roll.pasted import MOST_LINES, people_in
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.extensions import database_session
from programme.flows.roll.adding import Newcomer, add_all, add_with_answers, judged
from programme.flows.sharing.words import homes_of, left_words
from programme.people import queries as people
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.registrations.answering.handing_in import expect_files, take_files
from programme.screens.registrations.choosing.offered import choice_in, offer
from programme.screens.registrations.forms import ask_for_others, others_in
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.registration.actions import Entered
    from programme.engines.registration.models import Opening
    from programme.engines.registration.roll.pasted import Pasted
    from programme.flows.roll.adding import Added

NO_CHAIR = "No place is left at what you chose."
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
    offer_choice(form, opening, "Comes to")
    ask_for_others(form, opening.most_together)
    return form


def list_form(opening: Opening, typed: Any = None) -> PastedForm:
    """Return the form of a list, with one choice for everybody on it where the opening asks for one."""
    form = PastedForm(typed)
    offer_choice(form, opening, "All of them come to")
    return form


def offer_choice(form: PersonForm | PastedForm, opening: Opening, asks: str) -> None:
    """Offer the events to choose among, with the places left; nothing where people come to all of them."""
    if opening.chooses is None:
        del form.events
    else:
        offer(form.events, opening, chairs_by_event(database_session(), opening.events))
        form.events.label.text = asks


def chosen_in(form: PersonForm | PastedForm) -> frozenset[int]:
    """Return the events that were chosen; none where there is nothing to choose."""
    return choice_in(form.events) if "events" in form else frozenset()


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
        choice=chosen_in(form),
        others=others_in(form),
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
    opening = opening_here(opening_id)
    return render_template("roll/additions/pasted.html", **list_shown(opening, list_form(opening), None))


@blueprint.post("/people/pasted")
@needs(Verb.DECIDE, of_opening)
def preview(opening_id: int) -> Any:
    """Show what a list would come to, line by line; nothing is changed."""
    opening = opening_here(opening_id)
    form = list_form(opening, request.form)
    lines = lines_of(opening, form)
    if lines is None:
        return form_again("roll/additions/pasted.html", **list_shown(opening, form, None))
    if not form.even_if_full.data:
        lines = with_chairs(lines, chairs_left(opening, chosen_in(form)))
    return render_template("roll/additions/pasted.html", **list_shown(opening, form, lines))


def list_shown(opening: Opening, form: PastedForm, lines: Sequence[Pasted] | None) -> dict[str, Any]:
    """Return what the page of a list shows: its lines, and how many of them are right."""
    right = sum(not one.problem for one in lines or ())
    return shown(opening, form, lines=lines, right=right)


def with_chairs(lines: Sequence[Pasted], chairs: int | None) -> list[Pasted]:
    """Mark those on a list for whom there is no chair any more at what was chosen."""
    found: list[Pasted] = []
    for one in lines:
        seated = sum(not other.problem for other in found)
        is_late = chairs is not None and seated >= chairs
        found.append(replace(one, problem=NO_CHAIR) if is_late and not one.problem else one)
    return found


def chairs_left(opening: Opening, choice: frozenset[int]) -> int | None:
    """Return how many may still come to all of a choice; None where nothing says so, or organisers decide later."""
    if opening.chooses is None or opening.places_by is PlacesBy.DECISION:
        return None
    rooms = chairs_by_event(database_session(), opening.events)
    return smallest([rooms.get(one) for one in choice])


def lines_of(opening: Opening, form: PastedForm) -> list[Pasted] | None:
    """Return the lines of a list with their problems; None where the list, or the choice, is none, as the form says."""
    if not form.validate():
        return None
    lines = people_in(form.people.data)
    try:
        refuse_no_choice(opening, chosen_in(form))
        refuse_too_long(lines)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return judged(database_session(), opening.id, lines)


def refuse_too_long(lines: Sequence[Pasted]) -> None:
    """Refuse more people than one transaction should hold up others for."""
    if len(lines) > MOST_LINES:
        raise Refusal(f"Paste {MOST_LINES} people at most at once.", field="people")


@blueprint.post("/people/list")
@needs(Verb.DECIDE, of_opening)
def add_list(opening_id: int) -> Any:
    """Add everybody of a list whose line is right; they are told."""
    session, opening = database_session(), opening_here(opening_id)
    form = list_form(opening, request.form)
    lines = lines_of(opening, form)
    if lines is None:
        return form_again("roll/additions/pasted.html", **list_shown(opening, form, None))
    beyond, choice = bool(form.even_if_full.data), chosen_in(form)
    added = add_all(session, opening_id, lines, actor=actor(), now=g.now, choice=choice, even_if_full=beyond)
    if not added.new:
        session.rollback()
        form.refuse(Refusal("Nobody could be added: see the lines below.", field="people"))
        return form_again("roll/additions/pasted.html", **list_shown(opening_here(opening_id), form, added.left))
    session.commit()
    return done(list_sentence(added), f"/organise/openings/{opening_id}")


def list_sentence(added: Added) -> str:
    """Say what became of a list."""
    said = f"{plural(len(added.new), 'person', 'people')} added and told."
    waiting = sum(row.state is RegistrationState.WAITLISTED for row in added.new)
    if waiting:
        said += f" {waiting} of them on the waiting list."
    return f"{said} {plural(len(added.left), 'line')} left out." if added.left else said
