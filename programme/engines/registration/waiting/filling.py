"""Filling free places from the waiting list, by the pure rule; every opening here is locked already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, union_all
from sqlalchemy.orm import selectinload

from programme.core.transitions import move
from programme.engines.registration import places, terms
from programme.engines.registration.choosing.queries import next_by_choice
from programme.engines.registration.deciding.queries import keyed_terms, paused_until
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.offers.deadline import answer_by, last_instant
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.queries import heads, room_mates, tally_of, terms_of
from programme.engines.registration.queries import waiting as in_line
from programme.engines.registration.series.chairs import chairless, is_series
from programme.engines.registration.states import REGISTRATION_MOVES, SEAT_MOVES, PlacesBy, RegistrationState, SeatState
from programme.engines.registration.waiting.lending import lend

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.places import Size, Tally

R = RegistrationState


def fill(session: Session, opening: Opening, *, now: datetime, most: int | None = None) -> tuple[Registration, ...]:
    """Fill what is free in a locked opening, then in those that share its room; of each at most so many places.

    Return who moved up, or was lent to: places are given first, and what is left of single weeks is lent to those who
    go on waiting.
    """
    promoted = list(moved_up(session, opening, now=now, most=most))
    for other in room_mates(session, [opening.id]):
        if other != opening.id:
            promoted += moved_up(session, session.get_one(Opening, other), now=now, most=most)
    return tuple(promoted)


def moved_up(session: Session, opening: Opening, *, now: datetime, most: int | None = None) -> list[Registration]:
    """Fill what is free in one opening; who moves up to a place is told of it alone."""
    if not moves_by_itself(session, opening, now=now):
        return []
    promoted = list(promote_next(session, opening, now=now, most=most))
    # whoever moves up to a place keeps the chair that was lent to them: it is there for one more
    more = promoted if is_series(opening) else []
    while more and most is None:
        more = list(promote_next(session, opening, now=now))
        promoted += more
    return [*promoted, *lend(session, opening, now=now)]


def promote_next(
    session: Session, opening: Opening, *, now: datetime, most: int | None = None
) -> tuple[Registration, ...]:
    """Move up who may of the waiting list, in its order: each into their own share first, then into the pool.

    Openings that decide one by one leave it to the organisers, unless keys have said yes to everybody who waits; nobody
    moves up to what has begun or is called off. Where `most` is given, the first of those who may are moved, and the
    others left for another time.
    """
    counts = heads(session, opening, COUNTED)
    tally = tally_of(session, opening, now=now, counts=counts)
    if opening.chooses is not None:
        moving = next_by_choice(session, opening, tally)[:most]
    else:
        homes = [home for state, home, _ in counts if state is R.WAITLISTED]
        sizes = tally.sizes or [places.Size(home=home, heads=1) for home in homes]
        queue = next_in_line(session, opening.id, tally, sizes, most=most)
        heads_of = [row.heads for row in queue]
        fitting = places.moves_up(tally, [row.home for row in queue], heads=heads_of)
        moving = [queue[index].id for index in fitting][:most]
    if not moving:
        return ()
    chosen = in_line(opening.id).where(Registration.id.in_(moving)).options(selectinload(Registration.seats))
    following = session.scalars(chosen).all()
    for row in following:
        lacking = chairless(session, opening, row, now=now)
        give(row, now=now, until=deadline_of(opening, now=now), lacking=lacking)
        session.flush()
    return tuple(following)


def moves_by_itself(session: Session, opening: Opening, *, now: datetime) -> bool:
    """Whether an opening's waiting list moves up without anybody deciding it, now.

    Soon after a decision was undone it does not: the organisers decide anew, or let it go on.
    """
    return moves_by_rule(session, opening, now=now) and paused_until(session, opening.id, now=now) is None


def moves_by_rule(session: Session, opening: Opening, *, now: datetime) -> bool:
    """Whether an opening's waiting list moves up by itself but for a pause."""
    if not terms.takes_place(terms_of(opening), now):
        return False
    return opening.places_by is not PlacesBy.DECISION or keyed_terms(session, opening) is not None


def fewer(number: int | None, most: int | None) -> int | None:
    """Return the smaller of two numbers, of which None is without limit."""
    return min((one for one in (number, most) if one is not None), default=None)


class InLine(NamedTuple):
    """Somebody on the waiting list, as the rule reads them."""

    joined_at: datetime
    id: int
    home: int | None
    heads: int


def next_in_line(
    session: Session, opening_id: int, tally: Tally, sizes: Iterable[Size], *, most: int | None = None
) -> list[InLine]:
    """Return who may come next, in the order of joining.

    Of each home and size as many as there are places for, and at `most` so many, from the front of their own queue in
    the index: so it is bounded by the places, the organisations and the sizes, however many wait.
    """
    fitting = [(size, tally.free_for(size.home)) for size in sizes if tally.fits(size.home, heads=size.heads)]
    fronts = [
        front(opening_id, size).limit(fewer(None if free is None else free // size.heads, most)).subquery()
        for size, free in fitting
    ]
    found = session.execute(union_all(*(select(part) for part in fronts))) if fronts else ()
    return sorted((InLine(*row) for row in found), key=lambda row: (row.joined_at, row.id))


def front(opening_id: int, size: Size) -> Select[datetime, int, int | None, int]:
    """Return those of a home and a size on the waiting list, the next one first."""
    columns = select(Registration.joined_at, Registration.id, Registration.counts_for_id, Registration.heads)
    waiting = (Registration.opening_id == opening_id, Registration.state == R.WAITLISTED)
    whose = Registration.counts_for_id.is_(None) if size.home is None else Registration.counts_for_id == size.home
    found = columns.where(*waiting, whose, Registration.heads == size.heads)
    return found.order_by(Registration.joined_at, Registration.id)


def deadline_of(opening: Opening, *, now: datetime) -> datetime | None:
    """Return until when a place of an opening that is offered now can be taken; None where it is given at once."""
    if opening.offer_hours is None:
        return None
    facts = terms_of(opening)
    last = last_instant(facts.starts, closes_at=facts.closes_at, now=now)
    return answer_by(now, hours=opening.offer_hours, morning=opening.offer_morning, last=last)


def give(row: Registration, *, now: datetime, until: datetime | None, lacking: Collection[int] = ()) -> None:
    """Give a registration its place: at once, or by an offer `until` then."""
    if until is None:
        confirm(row, now=now, lacking=lacking)
    else:
        offer(row, until=until, now=now, lacking=lacking)


def offer(row: Registration, *, until: datetime, now: datetime, lacking: Collection[int] = ()) -> None:
    """Keep a place for a registration until then; to take it is to prove the address, so nothing else is waited for."""
    move(row, R.OFFERED, moves=REGISTRATION_MOVES)
    row.offered_at, row.answer_by, row.prove_by = now, until, None
    row.ended_at, row.leaves_at, row.reason = None, None, ""
    seat_down(row, now=now, lacking=lacking)


def confirm(row: Registration, *, now: datetime, lacking: Collection[int] = ()) -> None:
    """Give a registration its place, with its chairs but at the events where it is `lacking` one."""
    before = move(row, R.CONFIRMED, moves=REGISTRATION_MOVES)
    row.confirmed_at, row.ended_at, row.reason = now, None, ""
    if before is not R.OFFERED:  # who leaves from a date on and then takes the offer leaves all the same
        row.leaves_at = None
    seat_down(row, now=now, lacking=lacking)


def seat_down(row: Registration, *, now: datetime, lacking: Collection[int]) -> None:
    """Give the chairs of a place, but at the events where it is `lacking` one.

    What was lent while they waited is not taken from them.
    """
    lent = {seat.event_id for seat in row.seats if seat.state is SeatState.LENT}
    touch_seats(row, now=now)
    for seat in row.seats:
        if seat.event_id in lacking and seat.event_id not in lent and seat.state is SeatState.HELD:
            move(seat, SeatState.SKIPPED, moves=SEAT_MOVES)
            seat.revision -= 1


def touch_seats(row: Registration, *, now: datetime) -> None:
    """Raise the revision of a registration's chairs, so that calendars take the change; none is lent any more."""
    for seat in row.seats:
        seat.revision += 1
        seat.changed_at = now
        if seat.state is SeatState.LENT:
            move(seat, SeatState.HELD, moves=SEAT_MOVES)


def is_lent(row: Registration) -> bool:
    """Whether somebody who waits was lent a chair for a week."""
    return any(seat.state is SeatState.LENT for seat in row.seats)
