"""What a code opens: a ticket for whoever comes, one button for whoever lets them in. Looking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, jsonify, render_template, request

from programme.core.tokens import new_token
from programme.core.web.answers import done, wants_json
from programme.engines.calendar.sight import may_see, sight_of
from programme.engines.registration.door.actions import why_at
from programme.engines.registration.door.group import comers
from programme.engines.registration.door.pictures import svg_of
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.series.sitting import has_chair, is_admitted
from programme.engines.registration.states import Attendance, RegistrationState
from programme.extensions import database_session
from programme.flows.door.checking_in import check_in
from programme.flows.door.walking_in import let_in_by_code
from programme.people.guards import actor, needs, secret_link
from programme.people.permissions import Verb, may
from programme.screens.door.beside import doors_at
from programme.screens.door.pressing import answer, press_of, pressed
from programme.screens.door.scopes import codes, of_code, seat_here, seat_of_code
from programme.screens.registrations.summary import days_of
from programme.screens.roll.asking import attendance_in
from programme.screens.roll.heading import title_of

if TYPE_CHECKING:
    from programme.engines.registration.models import Seat


blueprint = Blueprint("tickets", __name__)
AROUND = timedelta(hours=12)
"""How long before an event and after it its codes are taken without a second look."""


def here(token: str) -> str:
    """Return the address that a code opens."""
    return f"/check-in/{token}"


@blueprint.get("/check-in/<token>")
@secret_link
def ticket(token: str) -> Any:
    """Show what a code is to whoever opens it."""
    seat = seat_of_code(database_session(), token)
    if seat is None:
        return render_template("door/no_code.html"), HTTPStatus.NOT_FOUND
    is_own = actor().is_signed_in and seat.registration.person_id == actor().person_id
    if not is_own and is_at_this_door(token):
        return render_template("door/letting_in.html", **shown(seat), **for_the_door(seat))
    if not is_own and actor().may_organise:
        told = {"words": elsewhere(seat), "lets_in_others": bool(doors_at(seat.event_id))}
        return render_template("door/elsewhere.html", **told)
    days = days_of(database_session(), [seat.event])
    told = {"days": days, "code": picture(seat), "has_place": is_admitted(seat)}
    return render_template("door/ticket.html", **shown(seat), **told)


def is_at_this_door(token: str) -> bool:
    """Whether the acting person lets people in at the event of a code."""
    scope = of_code(database_session(), token)
    return scope is not None and may(actor(), Verb.SEE_NAMES, scope)


def shown(seat: Seat) -> dict[str, Any]:
    """Return what both pages show."""
    event = seat.event
    return {
        "seat": seat,
        "here": codes().path(seat),
        "event": event,
        "event_title": title_of(event),
        "people": comers(seat),
        "is_off": event.state.value == "cancelled",
        "is_now": event.date_is_known and event.starts_at - AROUND <= g.now <= event.ends_at + AROUND,
        "door": f"/organise/openings/{seat.registration.opening_id}/door/{event.id}",
    }


def for_the_door(seat: Seat) -> dict[str, Any]:
    """Return what is shown to whoever lets people in: whoever is offered a place has the chair until they answer."""
    row = seat.registration
    return {
        "key": new_token(),
        "states": Attendance,
        "has_place": has_chair(seat),
        "is_offered": row.state is RegistrationState.OFFERED,
        "why": None if has_chair(seat) else why_at(database_session(), seat),
        "may_decide": may(actor(), Verb.DECIDE, opening_scope(row.opening)),
    }


def picture(seat: Seat) -> str:
    """Return the code of a chair."""
    return svg_of(codes().url(seat), title=f"Code for {title_of(seat.event)}")


def elsewhere(seat: Seat) -> str:
    """Say what a code is for to somebody who does not let people in there: no more than they may see of it."""
    return event_words(seat) or "another event"


def event_words(seat: Seat) -> str:
    """Return the event of a chair by name, or nothing where the acting person may not know of it."""
    scope = of_code(database_session(), codes().token(seat))
    knows = scope is not None and may(actor(), Verb.SEE_NAMES, scope)
    return f"“{title_of(seat.event)}”" if knows or may_see(sight_of(seat.event), actor()) else ""


@blueprint.post("/check-in/<token>")
@needs(Verb.SEE_NAMES, of_code)
@pressed(here)
def mark(token: str) -> Any:
    """Check in whoever a code is of, or take it back."""
    session, seat = database_session(), seat_here(token)
    wanted = attendance_in(request.form.get("attendance", "")) or Attendance.PRESENT
    marked = check_in(session, seat.id, press_of(wanted), actor=actor(), now=g.now)
    session.commit()
    return answer(marked, here(token))


@blueprint.post("/check-in/<token>/walk-in")
@needs(Verb.SEE_NAMES, of_code)
@pressed(here)
def let_in(token: str) -> Any:
    """Let in whoever a code is of, who waits and has no place."""
    session, seat = database_session(), seat_here(token)
    key = press_of(Attendance.PRESENT).key
    marked = let_in_by_code(session, seat, seat.event_id, key=key, actor=actor(), now=g.now)
    session.commit()
    if marked is not None:
        return answer(marked, here(token))
    said = f"{seat.registration.name} is let in: tick who has come."
    return jsonify(said=said) if wants_json() else done(said, here(token))
