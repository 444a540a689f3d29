"""Walk-ins: people without a place whom the door lets in, on top of the places if need be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.core.tokens import token_hash
from programme.core.transitions import move
from programme.engines.registration.actions import lock
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.door.queries import takes_walk_ins
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import SEAT_MOVES, Attendance, RegistrationState, SeatState, Source

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening

BY_KEYS = "Each university holds a key to places here, so nobody is let in without one. Ask the organisers."
NOT_HERE = "This person is registered, but not for this event. Ask an organiser: they can change what somebody chose."
GIVEN_BACK = "This person has no chair at this event: it was given back, or there was none left. Ask an organiser."
NOT_TAKEN = "Nobody is let in here without a place. The organisers can allow walk-ins on the page of the door."


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkIn:
    """Somebody at the door without a place; `address` may be empty, `key` is random for each showing of the form."""

    name: str
    address: str = ""
    organisation_id: int | None = None
    key: str = ""


def opening_that_takes(session: Session, opening_id: int) -> Opening:
    """Lock an opening, and refuse where its door lets in nobody without a place."""
    opening = lock(session, opening_id)
    if not takes_walk_ins(session, opening_id):
        raise Refusal(NOT_TAKEN)
    if keyed_terms(session, opening) is not None:
        raise Refusal(BY_KEYS)
    return opening


def enter_without_address(
    session: Session, opening: Opening, event_id: int, newcomer: WalkIn, *, now: datetime
) -> tuple[Registration, bool]:
    """Write down somebody known by name alone, and whether that is new; of one form sent twice, once.

    Nobody stands behind such a registration but its name, which goes when those of the others go.
    """
    key = token_hash(f"{opening.id}:walk-in:{newcomer.key}") if newcomer.key else None
    former = session.scalar(select(Registration).where(Registration.form_key == key)) if key else None
    if former is not None:
        return former, False
    row = Registration(
        opening_id=opening.id,
        name=newcomer.name,
        address="",
        organisation_id=newcomer.organisation_id,
        state=RegistrationState.CONFIRMED,
        source=Source.WALK_IN,
        joined_at=now,
        confirmed_at=now,
        form_key=key,
    )
    row.seats = [
        Seat(event_id=event.id, changed_at=now, state=here_only(event.id, event_id)) for event in opening.events
    ]
    session.add(row)
    session.flush()
    return row, True


def here_only(event_id: int, here: int) -> SeatState:
    """Return where a walk-in's chair stands: held where they are, and skipped at what else the opening admits to."""
    return SeatState.HELD if event_id == here else SeatState.SKIPPED


def keep_here_only(row: Registration, event_id: int) -> None:
    """Let somebody who walked in hold a chair at this event alone."""
    for seat in row.seats:
        if seat.event_id != event_id and seat.state is SeatState.HELD:
            move(seat, SeatState.SKIPPED, moves=SEAT_MOVES)


def admits_elsewhere(row: Registration, event_id: int) -> bool:
    """Whether a place of this registration is one at other events, too."""
    return any(seat.event_id != event_id and seat.state is not SeatState.SKIPPED for seat in row.seats)


def lend_here(row: Registration, event_id: int, *, now: datetime) -> None:
    """Lend somebody who waits the chair at this event alone: their turn for the place, and what is decided, stay."""
    for seat in row.seats:
        if seat.event_id == event_id and seat.state is SeatState.HELD:
            move(seat, SeatState.LENT, moves=SEAT_MOVES)
            seat.lent_at, seat.changed_at = now, now
            seat.revision += 1


def seat_at(row: Registration, event_id: int) -> Seat:
    """Return a registration's chair at an event; Refusal where it has none there.

    It names nobody: a helper who types an address learns nothing of who stands behind it elsewhere.
    """
    found = next((seat for seat in row.seats if seat.event_id == event_id), None)
    if found is None:
        raise Refusal(NOT_HERE)
    if found.state is SeatState.SKIPPED and found.attendance is not Attendance.PRESENT:
        raise Refusal(GIVEN_BACK)
    return found
