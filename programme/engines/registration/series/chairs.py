"""Chairs as the database counts them: left in the rooms of events, and what each week of a series has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select, text

from programme.engines.registration.choosing.rule import has_choice
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.places import smallest
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.series.weeks import Week, chairs_for_places, has_chair
from programme.engines.registration.states import HOLDING, SeatState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event

TAKEN = (
    select(Seat.event_id, func.sum(Registration.heads))
    .join(Registration, Registration.id == Seat.registration_id)
    .where(Seat.event_id.in_(bindparam("events", expanding=True)), HAS_CHAIR)
    .group_by(Seat.event_id)
)
NOT_HELD = text("seat.state <> 'held'")
"""In these words, so that the index of the few chairs that are apart from their place is used."""
GIVEN_UP = and_(Seat.state == SeatState.SKIPPED, Registration.state.in_(HOLDING), Registration.leaves_at.is_(None))
APART = (
    select(Seat.event_id, Seat.state, func.sum(Registration.heads))
    .join(Registration, Registration.id == Seat.registration_id)
    .where(Seat.event_id.in_(bindparam("events", expanding=True)), NOT_HELD)
    .where(Registration.opening_id == bindparam("opening_id"), or_(Seat.state == SeatState.LENT, GIVEN_UP))
    .group_by(Seat.event_id, Seat.state)
)
STAYING = (
    select(Seat.event_id, func.sum(Registration.heads))
    .join(Registration, Registration.id == Seat.registration_id)
    .where(Registration.opening_id == bindparam("opening_id"), Registration.leaves_at.is_not(None))
    .where(Registration.state.in_(HOLDING), Seat.state == SeatState.HELD)
    .group_by(Seat.event_id)
)


def is_series(opening: Opening) -> bool:
    """Whether a place is one at every event of several, so that one of them can be skipped."""
    return len(opening.events) > 1 and opening.chooses is None


def chairs_by_event(session: Session, events: Iterable[Event]) -> dict[int, int]:
    """Return how many chairs are left in each room of `events` that has a limit, whatever opening admits to it."""
    rooms = {event.id: event.room_capacity for event in events if event.room_capacity is not None}
    if not rooms:
        return {}
    taken = dict(session.execute(TAKEN, {"events": list(rooms)}).all())
    return {event_id: capacity - int(taken.get(event_id, 0)) for event_id, capacity in rooms.items()}


def chairs_for(session: Session, opening: Opening, *, now: datetime) -> int | None:
    """Return for how many more places of an opening its rooms have chairs; None is without limit.

    Where people choose it depends on what they choose: here it is 0 once nobody can choose enough any more.
    """
    if is_series(opening):
        return chairs_for_places(weeks_of(session, opening, now=now).values())
    rooms = chairs_by_event(session, opening.events)
    if opening.chooses is not None:
        least = 1 if opening.may_choose_fewer else opening.chooses
        return None if has_choice([rooms.get(event.id) for event in opening.events], least=least) else 0
    return smallest([*rooms.values()])


def weeks_of(session: Session, opening: Opening, *, now: datetime) -> Mapping[int, Week]:
    """Return what each event of a series has, by its id."""
    rooms = chairs_by_event(session, opening.events)
    values = {"events": [event.id for event in opening.events], "opening_id": opening.id}
    apart = {(event_id, state): int(number) for event_id, state, number in session.execute(APART, values)}
    staying = dict(session.execute(STAYING, {"opening_id": opening.id}).all())
    return {
        event.id: Week(
            event_id=event.id,
            given_up=apart.get((event.id, SeatState.SKIPPED), 0),
            lent=apart.get((event.id, SeatState.LENT), 0),
            staying=int(staying.get(event.id, 0)),
            room=rooms.get(event.id),
            is_over=is_over(event, now=now),
        )
        for event in opening.events
    }


def is_over(event: Event, *, now: datetime) -> bool:
    """Whether an event lies behind."""
    return event.date_is_known and event.ends_at <= now


def chairless(session: Session, opening: Opening, row: Registration, *, now: datetime) -> frozenset[int]:
    """Return the events at which somebody who is given a place has no chair: it is over, or others sit there yet.

    `row` is theirs, none of whose chairs is counted; who else holds a place is counted only where somebody sits
    without one.
    """
    if not is_series(opening):
        return frozenset()
    weeks = weeks_of(session, opening, now=now).values()
    if all(week.is_over for week in weeks):
        return frozenset()
    is_crowded = any(week.spare < 0 for week in weeks)
    free = free_by_capacity(session, opening, apart_from=row) if is_crowded else None
    return frozenset(week.event_id for week in weeks if not has_chair(week, heads=row.heads, free=free))


def free_by_capacity(session: Session, opening: Opening, *, apart_from: Registration | None = None) -> int | None:
    """Return how many places the capacity leaves, beside one registration; None is without limit."""
    if opening.capacity is None:
        return None
    held = select(func.coalesce(func.sum(Registration.heads), 0)).where(
        Registration.opening_id == opening.id,
        Registration.state.in_(HOLDING),
        Registration.leaves_at.is_(None),
        Registration.id != (apart_from.id if apart_from else 0),
    )
    return opening.capacity - int(session.scalar(held) or 0)


def coming(events: Sequence[Event], *, now: datetime) -> list[Event]:
    """Return the events of a series that have not begun yet, by date; without those of which no date is known."""
    return [event for event in events if event.date_is_known and event.starts_at > now]
