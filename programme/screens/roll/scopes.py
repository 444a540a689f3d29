"""From the id in an address to the opening and its scope; None where there is no such thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort

from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.openings.rights import event_scope, opening_scope, opening_with_owners
from programme.engines.registration.states import PlacesBy
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.permissions import Scope, Verb, may

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def of_opening(session: Session, opening_id: int, **rest: object) -> Scope | None:
    """Return the scope of an opening."""
    del rest
    opening = opening_with_owners(session, opening_id)
    return opening_scope(opening) if opening else None


def of_registration(session: Session, registration_id: int, **rest: object) -> Scope | None:
    """Return the scope of a registration: its opening's.

    What organisers say of somebody whom they decide about, in notes and by keys, is not there for that one, who may be
    an organiser, too.
    """
    row = session.get(Registration, registration_id)
    if row is None or (row.opening.places_by is PlacesBy.DECISION and row.person_id == actor().person_id):
        return None
    return of_opening(session, row.opening_id, **rest)


def of_seat(session: Session, seat_id: int) -> Scope | None:
    """Return the scope of a chair: its opening's roll at its event."""
    seat = session.get(Seat, seat_id)
    return of_door(session, seat.registration.opening_id, seat.event_id) if seat else None


def of_door(session: Session, opening_id: int, event_id: int, **rest: object) -> Scope | None:
    """Return the scope of an opening's roll at one event."""
    del rest
    opening = opening_with_owners(session, opening_id)
    return event_scope(opening, event_id) if opening else None


def opening_here(opening_id: int) -> Opening:
    """Return the opening of the address; its guard has seen that it is there."""
    return opening_with_owners(database_session(), opening_id) or abort(404)


def rights_over(opening: Opening) -> dict[str, bool]:
    """Return what the acting person may do with an opening, by the names of verbs."""
    scope = opening_scope(opening)
    return {verb.name: may(actor(), verb, scope) for verb in Verb}
