"""Adding people to a roll: one by one with their answers, or by a pasted list that is shown first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, reading_first
from programme.core.web.words import plural
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.actions import Happened
from programme.engines.registration.choosing.newcomers import refuse_no_choice
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.openings.parts import with_parts
from programme.engines.registration.queries import tally_of
from programme.engines.registration.roll.forms import PastedForm, PersonForm, person_form
from programme.engines.registration.roll.pasted import MOST_LINES, people_in
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.extensions import database_session
from programme.flows.roll.adding import Newcomer, add_all, add_with_answers, judged
from programme.flows.roll.foreseeing import PLACE, foreseen, summed_up
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

blueprint = Blueprint("roll_additions", __name__, url_prefix="/organise/openings/<id:opening_id>")
STATE_WORDS = {
    RegistrationState.CONFIRMED: "has a place",
    RegistrationState.WAITLISTED: "is on the waiting list",
    RegistrationState.PENDING: "is registered and waits for the decision",
}

KEYS_DECIDE = "The universities’ keys decide about whoever you add."
DRAWN_LATER = "Whoever you add takes part in the draw, unless you give them a place all the same."
FULL_BY_HAND = "Every place is taken: they wait for your decision, unless you give them one all the same."
FULL_THEN_WAITS = "Every place is taken: they will wait, unless you give them one all the same."
FULL = "Every place is taken: there is no waiting list, so tick the last box to give them one all the same."
OF_THEM = {
    RegistrationState.WAITLISTED: "on the waiting list",
    RegistrationState.PENDING: "to be decided about",
}


@blueprint.get("/people/new")
@needs(Verb.DECIDE, of_opening)
def new_person(opening_id: int) -> Any:
    """Show the form for one person."""
    opening = opening_here(opening_id)
    return render_template("roll/additions/new_person.html", **one_shown(opening, form_for(opening)))


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


def one_shown(opening: Opening, form: PersonForm) -> dict[str, Any]:
    """Return what the page for one person shows: also what happens to whoever is added where no place is left."""
    is_keyed, by = keyed_terms(database_session(), opening) is not None, opening.places_by
    is_drawn_later = by is PlacesBy.BALLOT and not opening.ballot_seed
    waits = opening.has_waiting_list or by is PlacesBy.DECISION
    words = FULL_BY_HAND if by is PlacesBy.DECISION else FULL_THEN_WAITS if waits else FULL
    words = KEYS_DECIDE if is_keyed else DRAWN_LATER if is_drawn_later else words
    return shown(opening, form, full_words=words, is_later=is_keyed or is_drawn_later, waits=waits)


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
        return form_again("roll/additions/new_person.html", **one_shown(opening, form))
    go_on_writing(session)
    session.expire_all()
    try:
        entered = add_with_answers(session, opening, newcomer(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again("roll/additions/new_person.html", **one_shown(opening_here(opening_id), form))
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
    told = foreseen(
        database_session(),
        opening,
        lines,
        choice=chosen_in(form),
        even_if_full=bool(form.even_if_full.data),
        now=g.now,
    )
    return render_template("roll/additions/pasted.html", **list_shown(opening, form, told))


def list_shown(opening: Opening, form: PastedForm, lines: Sequence[Pasted] | None) -> dict[str, Any]:
    """Return what the page of a list shows: its lines, and how many of them are right."""
    right = sum(not one.problem for one in lines or ())
    return shown(opening, form, lines=lines, right=right, sums=summed_up(lines or ()), place=PLACE)


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
    said = [f"{plural(len(added.new), 'person', 'people')} added and told."]
    stand = Counter(row.state for row in added.new)
    said += [f"{stand[one]} of them {words}." for one, words in OF_THEM.items() if stand[one]]
    return " ".join([*said, f"{plural(len(added.left), 'line')} left out."] if added.left else said)
