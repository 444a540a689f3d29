"""Papers of the door: badges and certificates for organisers, and somebody's own certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, request

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.core.web.answers import button
from programme.core.web.downloads import download
from programme.core.web.lists import page_number, page_of
from programme.engines.registration.door.group import those_present
from programme.engines.registration.door.queries import chairs
from programme.engines.registration.papers.badges import badges
from programme.engines.registration.papers.certificates import certificates, title_of
from programme.engines.registration.papers.setting import settable
from programme.engines.registration.states import HOLDING, Attendance
from programme.extensions import database_session
from programme.people.guards import actor, needs, secret_link
from programme.people.permissions import Verb
from programme.people.queries import programme_name
from programme.screens.door.scopes import codes
from programme.screens.registrations.managing import its_page, registration_or_404
from programme.screens.roll.door import AT_ONCE
from programme.screens.roll.scopes import of_door, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Opening, Seat
    from programme.people.models import Organisation

blueprint = Blueprint("papers", __name__)
PDF = "application/pdf"
NOT_THERE = "There is a certificate once the organisers have marked you as present."
NO_FONT = "Your name has letters that no font here has. Ask the organisers to write it in Latin letters."
NOBODY = "There is nobody to print this for yet."


def door(opening_id: int, event_id: int) -> str:
    """Return the address of a door."""
    return f"/organise/openings/{opening_id}/door/{event_id}"


def own_page(token: str, event_id: int) -> str:
    """Return the address of the page of somebody's place."""
    del event_id
    return its_page(token)


@blueprint.get("/registrations/<token>/certificates/<id:event_id>.pdf")
@secret_link
@button(own_page)
def own_certificate(token: str, event_id: int) -> Any:
    """Give somebody their certificate, once they were there, with that of each who came along."""
    row = registration_or_404(token)
    seat = next((seat for seat in row.seats if seat.event_id == event_id), None) or abort(404)
    names = [one.name for one in those_present(seat)]
    if not names or row.state not in HOLDING:
        raise Refusal(NOT_THERE)
    written = [name for name in names if settable(name)]
    if not written:
        raise Refusal(NO_FONT)
    return certificates_of(seat.event, row.opening, written)


def certificates_of(event: Event, opening: Opening, names: Sequence[str]) -> Any:
    """Return a file with certificates."""
    programme = programme_name(database_session())
    made = certificates(event, names, owners=owners_of(opening, event), programme=programme, now=g.now)
    return download(made, title=f"certificate {title_of(event)}", ending="pdf", media_type=PDF)


def owners_of(opening: Opening, event: Event) -> list[Organisation]:
    """Return who runs an event and its registration, each once, the event's lead first."""
    own = [event.lead_organisation, *event.co_owners, opening.lead_organisation, *opening.co_owners]
    return list({one.id: one for one in own}.values())


@blueprint.post("/organise/openings/<id:opening_id>/door/<id:event_id>/badges")
@needs(Verb.EXPORT, of_door)
@button(door)
def sheets(opening_id: int, event_id: int) -> Any:
    """Give badges for those expected, a file for so many of them."""
    session, opening = database_session(), opening_here(opening_id)
    event, seats = event_here(opening, event_id), part_of(opening_id, event_id, None)
    heads = sum(1 + len(seat.registration.companions) for seat in seats)
    note(session, opening, "took out badges", actor=actor(), now=g.now, after={"people": heads})
    made = badges(event, seats, owners=owners_of(opening, event), codes=codes())
    session.commit()
    return download(made, title=f"badges {title_of(event)}", ending="pdf", media_type=PDF)


@blueprint.post("/organise/openings/<id:opening_id>/door/<id:event_id>/certificates")
@needs(Verb.EXPORT, of_door)
@button(door)
def all_certificates(opening_id: int, event_id: int) -> Any:
    """Give the certificates of those who were there, a file for so many of them."""
    session, opening = database_session(), opening_here(opening_id)
    event, seats = event_here(opening, event_id), part_of(opening_id, event_id, Attendance.PRESENT)
    names = [one.name for seat in seats for one in those_present(seat)]
    note(session, opening, "took out certificates", actor=actor(), now=g.now, after={"people": len(names)})
    made = certificates_of(event, opening, names)
    session.commit()
    return made


def event_here(opening: Opening, event_id: int) -> Event:
    """Return the event of the address; its guard has seen that the opening admits to it."""
    return next(event for event in opening.events if event.id == event_id)


def part_of(opening_id: int, event_id: int, mark: Attendance | None) -> Sequence[Seat]:
    """Return the part of those at a door that is asked for; Refusal where there is nobody."""
    number = page_number(request.form.get("part"))
    found = page_of(database_session(), chairs(opening_id, event_id, mark=mark), number=number, size=AT_ONCE)
    if not found.rows:
        raise Refusal(NOBODY)
    return found.rows
