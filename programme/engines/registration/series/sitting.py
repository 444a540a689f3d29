"""Who sits at an event: whoever has a place and keeps the chair, and whoever was lent one for that week."""

from __future__ import annotations

from sqlalchemy import and_, or_

from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import HOLDING, RegistrationState, SeatState

HAS_CHAIR = or_(
    and_(Seat.state == SeatState.HELD, Registration.state.in_(HOLDING)),
    Seat.state == SeatState.LENT,
)
"""Whether a chair is somebody's, of a statement that joins seats with registrations."""


def has_chair(seat: Seat) -> bool:
    """Whether a chair is somebody's now."""
    return seat.state is SeatState.LENT or (seat.state is SeatState.HELD and seat.registration.state in HOLDING)


def is_admitted(seat: Seat) -> bool:
    """Whether a chair is somebody's who has taken it: an offer that waits for an answer opens no door yet."""
    is_placed = seat.state is SeatState.HELD and seat.registration.state is RegistrationState.CONFIRMED
    return seat.state is SeatState.LENT or is_placed
