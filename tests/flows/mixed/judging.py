"""What must hold whatever happened, by list and loop; it asks neither the rule nor the code that it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState, SeatState
from tests.engines.registration.shares.slow import SlowOpening

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from tests.flows.mixed.work import Work

R = RegistrationState


def rows_of(session: Session, opening: Opening) -> list[Registration]:
    """Return everybody of an opening who has not ended, as stored, in the order of joining."""
    statement = (
        select(Registration)
        .where(Registration.opening_id == opening.id, Registration.state.in_(LIVE))
        .order_by(Registration.joined_at, Registration.id)
        .options(selectinload(Registration.seats), selectinload(Registration.companions))
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def sits(row: Registration, event_id: int) -> int:
    """How many people of a registration sit at an event."""
    for seat in row.seats:
        placed = seat.state is SeatState.HELD and row.state in HOLDING
        if seat.event_id == event_id and (placed or seat.state is SeatState.LENT):
            return row.heads
    return 0


def room_left(everybody: Sequence[Registration], event: Event) -> int:
    """How many chairs of an event's room are empty."""
    assert event.room_capacity is not None
    return event.room_capacity - sum(sits(row, event.id) for row in everybody)


def wrongs(session: Session, openings: Collection[int]) -> list[str]:
    """Say everything that is not as it must be."""
    found: list[str] = []
    whose = {one: rows_of(session, session.get_one(Opening, one)) for one in openings}
    everybody = [row for rows in whose.values() for row in rows]
    for one, rows in whose.items():
        opening = session.get_one(Opening, one)
        found += too_many(opening, rows, everybody)
        found += left_waiting(opening, rows, everybody)
        found += [f"{row.id} is {row.heads} heads" for row in rows if row.heads != 1 + len(row.companions)]
    return found


def too_many(opening: Opening, rows: Sequence[Registration], everybody: Sequence[Registration]) -> Iterator[str]:
    """Whether more have a place, or sit somewhere, than there are places and chairs."""
    assert opening.capacity is not None
    holding = [row.heads for row in rows if row.state in HOLDING and row.leaves_at is None]
    if sum(holding) > opening.capacity:
        yield f"{opening.title}: {sum(holding)} places of {opening.capacity}"
    for event in opening.events:
        here = sum(sits(row, event.id) for row in rows)
        if here > opening.capacity:
            yield f"{opening.title}, {event.title}: {here} sit on {opening.capacity} places"
        if room_left(everybody, event) < 0:
            yield f"{event.title}: its room is over by {-room_left(everybody, event)}"


def left_waiting(opening: Opening, rows: Sequence[Registration], everybody: Sequence[Registration]) -> Iterator[str]:
    """Whether somebody waits for whom there is a place, or a chair of a single week."""
    assert opening.capacity is not None
    holders = [row for row in rows if row.state in HOLDING and row.leaves_at is None]
    waiting = [row for row in rows if row.state is R.WAITLISTED]
    holding, chairs = sum(row.heads for row in holders), list[int]()
    for event in opening.events:
        here, left = sum(sits(row, event.id) for row in rows), room_left(everybody, event)
        chairs.append(left + max(0, here - holding))
        empty = min(left, min(holding, opening.capacity) - here)
        if len(opening.events) > 1 and not opening.chooses:
            yield from unlent(event, waiting, empty)
    slow = SlowOpening(
        opening.capacity,
        {str(quota.organisation_id): quota.places for quota in opening.quotas if quota.released_at is None},
        None if opening.chooses else min(chairs),
        homes={row.id: str(row.counts_for_id) for row in rows},
        holders=[row.id for row in holders],
        queue=[row.id for row in waiting],
        sizes={row.id: row.heads for row in rows},
    )
    if opening.chooses:
        yield from past_by_choice(opening, waiting, everybody, slow)
        return
    moved = slow.move_up()
    if moved:
        yield f"{opening.title}: {moved} wait although there is a place"


def past_by_choice(
    opening: Opening, waiting: Sequence[Registration], everybody: Sequence[Registration], slow: SlowOpening
) -> Iterator[str]:
    """Whether somebody waits for whom there is a place, and a chair at every event they chose."""
    left = {event.id: room_left(everybody, event) for event in opening.events}
    for row in waiting:
        chosen = [seat.event_id for seat in row.seats if seat.state is not SeatState.SKIPPED]
        if slow.has_places_for_all(row.id) and all(left[event_id] >= row.heads for event_id in chosen):
            yield f"{opening.title}: {row.id} waits although what they chose is free"


def unlent(event: Event, waiting: Sequence[Registration], empty: int) -> Iterator[str]:
    """Whether a chair is empty for one week that somebody who waits would take."""
    for row in waiting:
        would = any(seat.event_id == event.id and seat.state is SeatState.HELD for seat in row.seats)
        if row.takes_weeks and would and row.heads <= empty:
            yield f"{event.title}: {row.id} waits beside {empty} empty chairs"


def out_of_order(session: Session, work: Work) -> list[str]:
    """Say who moved up before somebody of the same home and size who had joined earlier and waits yet.

    Where people choose, one may pass another who chose what is full: there every deed is judged by itself.
    """
    found = []
    for one in work.openings:
        if session.get_one(Opening, one).chooses:
            continue
        rows = [row for row in rows_of(session, session.get_one(Opening, one)) if row.id not in work.out_of_turn]
        for waits in (row for row in rows if row.state is R.WAITLISTED and row.heads == 1):
            later = [row for row in rows if row.joined_at > waits.joined_at and row.state in HOLDING]
            passed = [row.id for row in later if (row.counts_for_id, row.heads) == (waits.counts_for_id, 1)]
            if passed and not was_larger(waits):
                found.append(f"{passed} passed {waits.id}")
    return found


def was_larger(row: Registration) -> bool:
    """Whether somebody joined with others, whom they have left out since: only then a single may have passed them."""
    return row.note == "was larger"


def told_wrongly(session: Session, work: Work) -> list[str]:
    """Say whose moving up was not told once, and whose chair for a week was not told as often as it was lent."""
    letters = session.scalars(select(OutboxMessage)).all()
    found = []
    for one, times in work.promoted.items():
        told = sum(letter.letter == "registration_promoted" and letter.subject_id == one for letter in letters)
        found += [f"{one} moved up {times} times and was told {told} times"] if told != times else []
    for (one, event_id), times in work.lent.items():
        lent = [letter for letter in letters if letter.letter == "week_lent" and letter.subject_id == one]
        told = sum(event_id in letter.context["events"] for letter in lent)
        found += [f"{one} was lent {event_id} {times} times and told {told} times"] if told != times else []
    return found
