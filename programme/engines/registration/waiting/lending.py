"""Lending the chairs of skipped weeks to those who wait, in their order; every opening here is locked already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import contains_eager

from programme.core.transitions import move
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.queries import heads
from programme.engines.registration.series.chairs import coming, is_series, weeks_of
from programme.engines.registration.series.weeks import to_lend
from programme.engines.registration.states import HOLDING, SEAT_MOVES, PlacesBy, RegistrationState, SeatState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening


def lend(session: Session, opening: Opening, *, now: datetime) -> list[Registration]:
    """Lend what is free for single weeks to the next in line who takes such; they keep their turn for a place."""
    if not is_series(opening):
        return []
    weeks = weeks_of(session, opening, now=now)
    ahead = [event for event in coming(opening.events, now=now) if event.state in ANNOUNCED]
    spare = {event.id: number for event in ahead if (number := to_lend(weeks[event.id]))}
    overbooked = beyond_capacity(session, opening) if spare else 0
    lent: dict[int, Registration] = {}
    for event_id in spare:
        for seat in next_for_week(session, opening, event_id, chairs=to_lend(weeks[event_id], overbooked=overbooked)):
            move(seat, SeatState.LENT, moves=SEAT_MOVES)
            seat.lent_at, seat.changed_at = now, now
            seat.revision += 1
            lent[seat.registration_id] = seat.registration
    session.flush()
    return list(lent.values())


def lent_at_once(session: Session, opening: Opening, row: Registration, *, now: datetime) -> tuple[Registration, ...]:
    """Lend what nobody before them took to whoever has just joined the waiting list.

    Or to others, what comes free because the place of who has just joined lacks a chair.
    """
    if not is_series(opening) or opening.places_by is PlacesBy.DECISION:
        return ()
    if row.state is not RegistrationState.WAITLISTED and all(seat.state is not SeatState.SKIPPED for seat in row.seats):
        return ()
    return tuple(lend(session, opening, now=now))


def beyond_capacity(session: Session, opening: Opening) -> int:
    """Return how many hold a place beyond the capacity: lowering it throws nobody out."""
    if opening.capacity is None:
        return 0
    return max(0, sum(number for _, _, number in heads(session, opening, HOLDING)) - opening.capacity)


def next_for_week(session: Session, opening: Opening, event_id: int, *, chairs: int) -> Iterator[Seat]:
    """Yield the chairs of those who are next for a week, as far as `chairs` reach; who does not fit is passed.

    As many are read at a time as there are chairs left: a group that is passed hides nobody behind it.
    """
    line = in_line_for_week(opening.id, event_id)
    passed: ColumnElement[bool] = true()
    while chairs > 0:
        found = session.scalars(line.where(Registration.heads <= chairs, passed).limit(chairs)).all()
        if not found:
            return
        last = found[-1].registration
        passed = or_(
            Registration.joined_at > last.joined_at,
            and_(Registration.joined_at == last.joined_at, Registration.id > last.id),
        )
        for seat in found:
            if seat.registration.heads <= chairs:
                chairs -= seat.registration.heads
                yield seat


def in_line_for_week(opening_id: int, event_id: int) -> Select[Seat]:
    """Return the chairs of those who wait and take single weeks, at one event, the next one first."""
    return (
        select(Seat)
        .join(Registration, Registration.id == Seat.registration_id)
        .where(Registration.opening_id == opening_id, Registration.state == RegistrationState.WAITLISTED)
        .where(Registration.takes_weeks, Seat.event_id == event_id, Seat.state == SeatState.HELD)
        .options(contains_eager(Seat.registration))
        .order_by(Registration.joined_at, Registration.id)
    )
