"""From a code in an address to its chair, and the scope of the door that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app

from programme.core.tokens import id_in
from programme.engines.registration.door.queries import seat_with_all
from programme.extensions import database_session
from programme.screens.roll.scopes import of_door

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.registration.door.codes import Codes
    from programme.engines.registration.models import Seat
    from programme.people.permissions import Scope


def codes() -> Codes:
    """Return what makes and checks codes."""
    found: Codes = current_app.extensions["codes"]
    return found


def seat_of_code(session: Session, token: str) -> Seat | None:
    """Return the chair that a code opens; an old or invented one opens nothing."""
    number = id_in(token)
    seat = seat_with_all(session, number) if number else None
    return seat if seat is not None and codes().opens(token, seat) else None


def of_code(session: Session, token: str) -> Scope | None:
    """Return the scope of the door that a code is for."""
    seat = seat_of_code(session, token)
    return of_door(session, seat.registration.opening_id, seat.event_id) if seat else None


def seat_here(token: str) -> Seat:
    """Return the chair of the address."""
    return seat_of_code(database_session(), token) or abort(404)
