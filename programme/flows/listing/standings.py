"""Where somebody stands at events, for lists and event pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import HOLDING, Attendance, RegistrationState, SeatState

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

SHOWN = (*HOLDING, RegistrationState.WAITLISTED, RegistrationState.PENDING)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands at an event."""

    state: RegistrationState
    came: bool


def standings_of(session: Session, person_id: int | None, event_ids: Collection[int]) -> dict[int, Standing]:
    """Return where a person stands at events: the live registration counts, never one that ended."""
    if person_id is None or not event_ids:
        return {}
    statement = (
        select(Seat.event_id, Registration.state, Seat.attendance, Seat.state)
        .join(Registration, Registration.id == Seat.registration_id)
        .where(Registration.person_id == person_id, Seat.event_id.in_(event_ids))
        .where(Registration.state.in_(SHOWN), Seat.state != SeatState.SKIPPED)
        .order_by(Registration.id)
    )
    return {
        event_id: Standing(
            RegistrationState.CONFIRMED if seat is SeatState.LENT else state, attendance is Attendance.PRESENT
        )
        for event_id, state, attendance, seat in session.execute(statement)
    }
