"""The door: who has a place at one event, and one tap to say that somebody came. For helpers, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.tokens import new_token
from programme.core.web.answers import wants_json
from programme.core.web.lists import page_number, page_of
from programme.engines.registration.door.group import comers
from programme.engines.registration.door.queries import attendance, chairs, homes_here, how_many_chairs, takes_walk_ins
from programme.engines.registration.models import Seat
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import Attendance
from programme.extensions import database_session
from programme.flows.door.checking_in import check_in
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.door.beside import doors_at, is_door_open
from programme.screens.door.pressing import answer, press_of, pressed
from programme.screens.roll.asking import attendance_in, text_in
from programme.screens.roll.heading import framed, title_of
from programme.screens.roll.scopes import of_door, of_opening, of_seat, opening_here

if TYPE_CHECKING:
    from programme.engines.calendar.models import Event
    from programme.engines.registration.door.queries import Home
    from programme.engines.registration.models import Opening

blueprint = Blueprint("door", __name__, url_prefix="/organise")
AT_ONCE = 200
"""For how many chairs one file holds the badges or certificates: with those who come along, it is as many more."""
OWN_CAMERA = "camera=(self), microphone=(), geolocation=()"


@blueprint.get("/openings/<id:opening_id>/door")
@needs(Verb.SEE_NAMES, of_opening)
def first_door(opening_id: int) -> Any:
    """Go to the door of the event that is next."""
    opening = opening_here(opening_id)
    mine = [event for event in opening.events if is_door_open(opening, event.id)]
    if not mine:
        abort(404)
    ahead = [event for event in mine if event.ends_at > g.now] or mine[-1:]
    return redirect(f"/organise/openings/{opening_id}/door/{ahead[0].id}", 303)


@blueprint.get("/openings/<id:opening_id>/door/<id:event_id>")
@needs(Verb.SEE_NAMES, of_door)
def door(opening_id: int, event_id: int) -> Any:
    """Show the names at the door, with big buttons; the camera may be used on this page, to read codes."""
    opening = opening_here(opening_id)
    event = next(event for event in opening.events if event.id == event_id)
    answered = make_response(render_template("roll/door/door.html", **shown(opening, event)))
    answered.headers["Permissions-Policy"] = OWN_CAMERA
    return answered


def shown(opening: Opening, event: Event) -> dict[str, Any]:
    """Return what the door shows: one page of those it was asked for."""
    session, words = database_session(), text_in(request.args.get("q", ""))
    mark = attendance_in(request.args.get("attendance", ""))
    number = page_number(request.args.get("page"))
    return {
        **framed(session, opening, now=g.now),
        "page": page_of(session, chairs(opening.id, event.id, words, mark), number=number),
        "event": event,
        "event_title": title_of(event),
        "events": [row for row in opening.events if is_door_open(opening, row.id)],
        "beside": [row for row in doors_at(event.id) if row.id != opening.id],
        "counts": attendance(session, opening.id, event.id),
        "homes": homes_of(opening.id, event.id),
        "takes_walk_ins": takes_walk_ins(session, opening.id),
        "has_begun": event.starts_at <= g.now,
        "words": words,
        "mark": mark,
        "states": Attendance,
        "comers": comers,
        "key": new_token(),
        **files_of(opening.id, event.id),
    }


def files_of(opening_id: int, event_id: int) -> dict[str, int]:
    """Return how many files the badges and the certificates are, as papers give them: by chairs, not by heads."""
    marks = {"badge_files": None, "certificate_files": Attendance.PRESENT}
    chairs_of = {name: how_many_chairs(database_session(), opening_id, event_id, mark) for name, mark in marks.items()}
    return {name: -(-number // AT_ONCE) for name, number in chairs_of.items()}


def back(seat_id: int) -> str:
    """Return the address of the page the button stood on: the door, or the registration's."""
    seat = database_session().get_one(Seat, seat_id)
    row = seat.registration
    if request.form.get("from") == "registration":
        return f"/organise/registrations/{row.id}"
    number = page_number(request.form.get("page"))
    rest = f"?page={number}" if number > 1 else ""
    return f"/organise/openings/{row.opening_id}/door/{seat.event_id}{rest}#chair-{seat_id}"


@blueprint.post("/seats/<id:seat_id>/attendance")
@needs(Verb.SEE_NAMES, of_seat)
@pressed(back)
def mark(seat_id: int) -> Any:
    """Say whether somebody came; the same press sent twice counts once."""
    session, state = database_session(), attendance_in(request.form.get("attendance", ""))
    if state is None:
        raise Refusal("Say whether the person came.")
    refuse_without_chair(session.get_one(Seat, seat_id))
    marked = check_in(session, seat_id, press_of(state), actor=actor(), now=g.now)
    session.commit()
    return answer(marked, back(seat_id), row=row_of(marked.seat) if wants_json() else "")


def refuse_without_chair(seat: Seat) -> None:
    """Tell helpers nothing of somebody without a place whom nobody let in: the list does not name them either."""
    if has_chair(seat) or seat.attendance is not Attendance.UNKNOWN:
        return
    if not may(actor(), Verb.SEE_PEOPLE, opening_scope(opening_here(seat.registration.opening_id))):
        raise Refusal("This person has no place here.")


def row_of(seat: Seat) -> str:
    """Return the line of a chair at the door as it stands now."""
    may_see_people = may(actor(), Verb.SEE_PEOPLE, opening_scope(opening_here(seat.registration.opening_id)))
    told = {"people": comers(seat), "states": Attendance, "number": 1, "shows_home": may_see_people}
    return render_template("roll/door/row.html", seat=seat, **told)


@blueprint.get("/openings/<id:opening_id>/door/<id:event_id>/counts")
@needs(Verb.SEE_NAMES, of_door)
def counts(opening_id: int, event_id: int) -> Any:
    """Tell the script at the door how many are here; from where, only those who may see people."""
    session = database_session()
    told = {state.value: number for state, number in attendance(session, opening_id, event_id).items()}
    shown = {state.value: told.get(state.value, 0) for state in Attendance}
    return {**shown, "expected": sum(told.values()), **homes_told(homes_of(opening_id, event_id))}


def homes_of(opening_id: int, event_id: int) -> list[Home]:
    """Return how many came from where, for those who may see people: a helper sees names and who is here, no more."""
    may_see = may(actor(), Verb.SEE_PEOPLE, opening_scope(opening_here(opening_id)))
    return homes_here(database_session(), opening_id, event_id) if may_see else []


def homes_told(homes: list[Home]) -> dict[str, int]:
    """Return the numbers by the keys that the page gives them."""
    return {
        f"{what}-{home.organisation.id if home.organisation else 0}": number
        for home in homes
        for what, number in (("here", home.here), ("of", home.expected))
    }
