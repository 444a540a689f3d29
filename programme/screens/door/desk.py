"""What else is done at the door: a code read, somebody let in without a place, and the rest marked in one go."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, jsonify, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.tokens import new_token
from programme.core.web.answers import button, done, form_again, wants_json
from programme.core.web.words import plural, short_date
from programme.engines.registration.door.codes import token_in
from programme.engines.registration.door.forms import WalkInForm, walk_in_form
from programme.engines.registration.door.group import comers, those_present
from programme.engines.registration.door.queries import takes_walk_ins
from programme.engines.registration.door.walk_ins import WalkIn
from programme.engines.registration.queries import tally_of
from programme.engines.registration.states import Attendance
from programme.extensions import database_session
from programme.flows.door.checking_in import check_in, mark_the_rest
from programme.flows.door.walking_in import walk_in
from programme.people import queries as people
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.door.pressing import LONGEST_KEY, answer, press_of, pressed
from programme.screens.door.scopes import codes, seat_of_code
from programme.screens.door.tickets import event_words, is_at_this_door
from programme.screens.roll.asking import attendance_in
from programme.screens.roll.door import row_of
from programme.screens.roll.heading import framed, title_of
from programme.screens.roll.scopes import of_door, opening_here

if TYPE_CHECKING:
    from programme.engines.registration.models import Seat

blueprint = Blueprint("door_desk", __name__, url_prefix="/organise/openings/<id:opening_id>/door/<id:event_id>")
NO_CODE = "This is no code of ours, or one that has ended. Look for the name instead."
OTHERS = (
    "This code is for this event, by a registration whose people you do not let in. "
    "Send them to those who do, or ask its organisers to name you, too."
)
FORM = "roll/door/walk_in.html"


def door(opening_id: int, event_id: int) -> str:
    """Return the address of a door."""
    return f"/organise/openings/{opening_id}/door/{event_id}"


@blueprint.post("/codes")
@needs(Verb.SEE_NAMES, of_door)
@pressed(door)
def code(opening_id: int, event_id: int) -> Any:
    """Check in whoever a code is of that was read at this door, by the camera or by a reader; of a group, ask who."""
    session = database_session()
    seat = seat_for_this_door(token_in(request.form.get("code", "")), event_id)
    if is_to_be_asked(seat):
        return ask_who(seat)
    marked = check_in(session, seat.id, press_of(Attendance.PRESENT), actor=actor(), now=g.now)
    session.commit()
    address = f"{door(opening_id, event_id)}#chair-{seat.id}"
    return answer(marked, address, row=row_of(marked.seat) if wants_json() else "")


def is_to_be_asked(seat: Seat) -> bool:
    """Whether a code is of several people of whom some are not here yet: it does not say which of them have come."""
    people = comers(seat)
    return len(people) > 1 and len(those_present(seat)) < len(people)


def ask_who(seat: Seat) -> Any:
    """Lead to the page of a code, where each of a group is ticked."""
    address = codes().path(seat)
    if not wants_json():
        return redirect(address, HTTPStatus.SEE_OTHER)
    others = plural(len(comers(seat)) - 1, "other")
    said = f"{seat.registration.name} comes with {others}: look for the name, and say who is here."
    return jsonify(said=said, goto=address)


def seat_for_this_door(token: str | None, event_id: int) -> Seat:
    """Return the chair of a code; Refusal where it is none of ours, or for another event, named as far as it may be."""
    seat = seat_of_code(database_session(), token) if token else None
    if seat is None:
        raise Refusal(NO_CODE)
    is_let_in = is_at_this_door(token or "")
    if seat.event_id == event_id and not is_let_in:
        raise Refusal(OTHERS)
    if not is_let_in or seat.event_id != event_id:
        words = event_words(seat)
        named = f"{words} on {short_date(seat.event.starts_at)}" if words else "another event"
        raise Refusal(f"This code is for {named}, and not for this door. Send them there, or look for the name here.")
    return seat


@blueprint.get("/walk-ins/new")
@needs(Verb.SEE_NAMES, of_door)
@button(door)
def new_walk_in(opening_id: int, event_id: int) -> Any:
    """Show the form for somebody without a place."""
    form = walk_in_form(people.universities(database_session()), key=new_token())
    return render_template(FORM, **shown(opening_id, event_id, form))


def shown(opening_id: int, event_id: int, form: WalkInForm) -> dict[str, Any]:
    """Return what the form shows: whether the places are taken, too."""
    session, opening = database_session(), opening_here(opening_id)
    event = next(event for event in opening.events if event.id == event_id)
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "event": event,
        "event_title": title_of(event),
        "door": door(opening_id, event_id),
        "takes_walk_ins": takes_walk_ins(session, opening_id),
        "is_full": tally_of(session, opening, now=g.now).free == 0,
    }


@blueprint.post("/walk-ins")
@needs(Verb.SEE_NAMES, of_door)
def add_walk_in(opening_id: int, event_id: int) -> Any:
    """Let somebody in without a place, and mark them as here."""
    session = database_session()
    form = walk_in_form(people.universities(session), request.form)
    if not form.validate():
        return again(opening_id, event_id, form)
    try:
        marked = walk_in(session, opening_id, event_id, newcomer(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return again(opening_id, event_id, form)
    session.commit()
    return answer(marked, f"{door(opening_id, event_id)}#chair-{marked.seat.id}")


def again(opening_id: int, event_id: int, form: WalkInForm) -> Any:
    """Show the form as it was typed; to the script, which may have kept it for an hour, say what is wrong with it."""
    if wants_json():
        return jsonify(said=form.problems[0][1]), HTTPStatus.UNPROCESSABLE_ENTITY
    return form_again(FORM, **shown(opening_id, event_id, form))


def newcomer(form: WalkInForm) -> WalkIn:
    """Return who was typed."""
    return WalkIn(
        name=form.name.data,
        address=form.address.data or "",
        organisation_id=form.organisation.data,
        key=(form.key.data or "")[:LONGEST_KEY],
    )


@blueprint.post("/attendance")
@needs(Verb.DECIDE, of_door)
@button(door)
def rest(opening_id: int, event_id: int) -> Any:
    """Mark everybody alike who stands alike, in one go."""
    session = database_session()
    before = attendance_in(request.form.get("of", ""))
    after = attendance_in(request.form.get("attendance", ""))
    if before is None or after is None or before is after:
        raise Refusal("Say who is to be marked, and how.")
    number = mark_the_rest(session, opening_id, event_id, before, after, actor=actor(), now=g.now)
    session.commit()
    return done(f"{plural(number, 'person', 'people')} marked.", door(opening_id, event_id))
