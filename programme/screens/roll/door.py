"""The door: who has a place at one event, and one tap to say that somebody came. For helpers, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import page_number, page_of
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.openings.rights import event_scope
from programme.engines.registration.roll.counts import attendance
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import Attendance
from programme.extensions import database_session
from programme.flows import attending
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.people.queries import escaped
from programme.screens.roll.asking import attendance_in
from programme.screens.roll.heading import framed, title_of
from programme.screens.roll.scopes import of_door, of_opening, of_seat, opening_here

if TYPE_CHECKING:
    from sqlalchemy import Select

blueprint = Blueprint("door", __name__, url_prefix="/organise")
SAID = {Attendance.PRESENT: "is here", Attendance.ABSENT: "did not come", Attendance.UNKNOWN: "is not marked any more"}


@blueprint.get("/openings/<id:opening_id>/door")
@needs(Verb.SEE_NAMES, of_opening)
def first_door(opening_id: int) -> Any:
    """Go to the door of the event that is next."""
    opening = opening_here(opening_id)
    mine = [event for event in opening.events if may_see_names(opening_id, event.id)]
    if not mine:
        abort(404)
    ahead = [event for event in mine if event.ends_at > g.now] or mine[-1:]
    return redirect(f"/organise/openings/{opening_id}/door/{ahead[0].id}", 303)


def may_see_names(opening_id: int, event_id: int) -> bool:
    """Whether the acting person may see who has a place at an event of an opening."""
    scope = event_scope(opening_here(opening_id), event_id)
    return scope is not None and may(actor(), Verb.SEE_NAMES, scope)


@blueprint.get("/openings/<id:opening_id>/door/<id:event_id>")
@needs(Verb.SEE_NAMES, of_door)
def door(opening_id: int, event_id: int) -> Any:
    """Show the names at the door, with big buttons."""
    session, opening = database_session(), opening_here(opening_id)
    words = request.args.get("q", "").strip()[:LONGEST_LINE]
    mark = attendance_in(request.args.get("attendance", ""))
    page = page_of(session, chairs(opening_id, event_id, words, mark), number=page_number(request.args.get("page")))
    event = next(event for event in opening.events if event.id == event_id)
    return render_template(
        "roll/door/door.html",
        **framed(session, opening, now=g.now),
        page=page,
        event=event,
        event_title=title_of(event),
        events=[row for row in opening.events if may_see_names(opening_id, row.id)],
        counts=attendance(session, opening_id, event_id),
        words=words,
        mark=mark,
        states=Attendance,
    )


def chairs(opening_id: int, event_id: int, words: str, mark: Attendance | None) -> Select[Seat]:
    """Return the chairs held at an event, by name."""
    found = (
        select(Seat)
        .join(Registration, Registration.id == Seat.registration_id)
        .where(Registration.opening_id == opening_id, Seat.event_id == event_id, HAS_CHAIR)
        .options(
            joinedload(Seat.registration).options(
                joinedload(Registration.organisation), selectinload(Registration.companions)
            )
        )
        .order_by(func.lower(Registration.name), Seat.id)
    )
    if mark:
        found = found.where(Seat.attendance == mark)
    for word in words.split()[:8]:
        found = found.where(func.lower(Registration.name).like(f"%{escaped(word.lower())}%", escape="\\"))
    return found


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
@button(back)
def mark(seat_id: int) -> Any:
    """Say whether somebody came."""
    session, state = database_session(), attendance_in(request.form.get("attendance", ""))
    if state is None:
        raise Refusal("Say whether the person came.")
    seat = attending.mark(session, seat_id, state, actor=actor(), now=g.now)
    session.commit()
    return done(f"{seat.registration.name} {SAID[state]}.", back(seat_id))
