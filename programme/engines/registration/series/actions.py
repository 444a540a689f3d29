"""Verbs upon a place in a series: skip a week, take it back, leave from a date on, want single weeks or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.registration.actions import end, locked_registration
from programme.engines.registration.series.chairs import is_series, weeks_of
from programme.engines.registration.states import HOLDING, SEAT_MOVES, RegistrationState, SeatState
from programme.engines.registration.waiting.filling import fill

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration, Seat

R = RegistrationState
NO_SERIES = "This is no series, so there is no date to skip. Cancel your place instead."
BEGUN = "This date has begun or is over."
NO_CHAIR = "You have no chair here on this date."
LENT_ON = "Your chair of this date has gone to somebody who waited, so it cannot be taken back."


@dataclass(frozen=True, slots=True)
class Skipped:
    """What became of weeks of a registration: the chairs that changed, and who moved up or was lent one for it.

    `has_ended` says that nothing of the place was left, so that it was cancelled.
    """

    registration: Registration
    chairs: tuple[Seat, ...] = ()
    promoted: tuple[Registration, ...] = ()
    has_ended: bool = False


def skip(session: Session, registration_id: int, event_id: int, *, now: datetime) -> Skipped:
    """Give up the chair of one week, the place's or one that was lent; it goes to the next. Twice changes nothing."""
    row = locked_registration(session, registration_id)
    seat = chair_ahead(row, event_id, now=now)
    if seat.state is SeatState.SKIPPED:
        return Skipped(row)
    if row.state not in HOLDING and seat.state is not SeatState.LENT:
        raise Refusal(NO_CHAIR)
    turn(seat, SeatState.SKIPPED, now=now)
    session.flush()
    return Skipped(row, (seat,), fill(session, row.opening, now=now))


def take_back(session: Session, registration_id: int, event_id: int, *, now: datetime) -> Skipped:
    """Take the chair of a skipped week back, if nobody has it. Who waits is asked again for that week."""
    row = locked_registration(session, registration_id)
    seat = chair_ahead(row, event_id, now=now)
    if seat.state is not SeatState.SKIPPED:
        return Skipped(row)
    if row.state in HOLDING:
        week = weeks_of(session, row.opening, now=now)[event_id]
        if week.spare < row.heads or (week.room is not None and week.room < row.heads):
            raise Refusal(LENT_ON)
    elif row.state is not R.WAITLISTED:
        raise Refusal(NO_CHAIR)
    turn(seat, SeatState.HELD, now=now)
    session.flush()
    return Skipped(row, (seat,), fill(session, row.opening, now=now) if row.state is R.WAITLISTED else ())


def leave_from(session: Session, registration_id: int, event_id: int, *, now: datetime) -> Skipped:
    """Give the place up from one week on; the next one has it for the rest. Where nothing is left it is cancelled."""
    row = locked_registration(session, registration_id)
    first = chair_ahead(row, event_id, now=now)
    if row.state not in HOLDING:
        raise Refusal("You have no place to give up.")
    start = first.event.starts_at
    going = [seat for seat in row.seats if seat.event.starts_at >= start and seat.state is SeatState.HELD]
    if all(seat in going for seat in row.seats if seat.state is SeatState.HELD):
        ended = end(session, row, R.CANCELLED, now=now)
        return Skipped(row, tuple(going), ended.promoted, has_ended=True)
    if row.leaves_at is not None and row.leaves_at <= start:
        return Skipped(row)
    for seat in going:
        turn(seat, SeatState.SKIPPED, now=now)
    row.leaves_at = start
    session.flush()
    return Skipped(row, tuple(going), fill(session, row.opening, now=now))


def want_weeks(session: Session, registration_id: int, *, wanted: bool, now: datetime) -> Skipped:
    """Say whether somebody who waits takes the chairs of single weeks; what they were lent stays theirs."""
    row = locked_registration(session, registration_id)
    if row.state is not R.WAITLISTED:
        raise Refusal("You are not on the waiting list any more.")
    row.takes_weeks = wanted
    session.flush()
    return Skipped(row, (), fill(session, row.opening, now=now) if wanted else ())


def chair_ahead(row: Registration, event_id: int, *, now: datetime) -> Seat:
    """Return the chair at an event of a series that has not begun; Refusal for what is none."""
    if not is_series(row.opening):
        raise Refusal(NO_SERIES)
    seat = next((seat for seat in row.seats if seat.event_id == event_id), None)
    if seat is None:
        raise Refusal(NO_CHAIR)
    if seat.event.date_is_known and seat.event.starts_at <= now:
        raise Refusal(BEGUN)
    return seat


def turn(seat: Seat, state: SeatState, *, now: datetime) -> None:
    """Let a chair stand otherwise, so that calendars take the change."""
    move(seat, state, moves=SEAT_MOVES)
    seat.changed_at = now
    seat.revision += 1
