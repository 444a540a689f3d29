"""Filling free places from the waiting list, by the pure rule; every opening here is locked already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, union_all
from sqlalchemy.orm import selectinload

from programme.core.transitions import move
from programme.engines.registration import places, terms
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.offers.deadline import answer_by, last_instant
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.queries import heads, room_mates, tally_of, terms_of
from programme.engines.registration.queries import waiting as in_line
from programme.engines.registration.states import REGISTRATION_MOVES, PlacesBy, RegistrationState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

R = RegistrationState


def fill(session: Session, opening: Opening, *, now: datetime, most: int | None = None) -> tuple[Registration, ...]:
    """Fill what is free in a locked opening, then in those that share its room; of each at most so many."""
    promoted = list(promote_next(session, opening, now=now, most=most))
    for other in room_mates(session, [opening.id]):
        if other != opening.id:
            promoted += promote_next(session, session.get_one(Opening, other), now=now, most=most)
    return tuple(promoted)


def promote_next(
    session: Session, opening: Opening, *, now: datetime, most: int | None = None
) -> tuple[Registration, ...]:
    """Move up who may of the waiting list, in its order: each into their own share first, then into the pool.

    Openings that decide one by one leave it to the organisers, unless keys have said yes to everybody who waits; nobody
    moves up to what has begun or is called off. Where `most` is given, the first of those who may are moved, and the
    others left for another time.
    """
    if not moves_by_itself(session, opening, now=now):
        return ()
    counts = heads(session, opening, COUNTED)
    tally = tally_of(session, opening, now=now, counts=counts)
    homes = [home for state, home, _ in counts if state is R.WAITLISTED]
    queue = next_in_line(session, opening.id, {home: fewer(tally.free_for(home), most) for home in homes})
    moving = [queue[index][0] for index in places.moves_up(tally, [home for _, home in queue])][:most]
    if not moving:
        return ()
    chosen = in_line(opening.id).where(Registration.id.in_(moving)).options(selectinload(Registration.seats))
    following = session.scalars(chosen).all()
    for row in following:
        give(row, now=now, until=deadline_of(opening, now=now))
    session.flush()
    return tuple(following)


def moves_by_itself(session: Session, opening: Opening, *, now: datetime) -> bool:
    """Whether an opening's waiting list moves up without anybody deciding it, now."""
    if not terms.takes_place(terms_of(opening), now):
        return False
    return opening.places_by is not PlacesBy.DECISION or keyed_terms(session, opening) is not None


def fewer(number: int | None, most: int | None) -> int | None:
    """Return the smaller of two numbers, of which None is without limit."""
    return min((one for one in (number, most) if one is not None), default=None)


def next_in_line(
    session: Session, opening_id: int, places_for: Mapping[int | None, int | None]
) -> list[tuple[int, int | None]]:
    """Return who may come next, as id and home, in the order of joining.

    Of each home as many as there are places for it, from the front of its own queue in the index: so it is bounded by
    the places and the organisations, however many wait.
    """
    fronts = [front(opening_id, home).limit(number).subquery() for home, number in places_for.items() if number != 0]
    found = session.execute(union_all(*(select(part) for part in fronts))) if fronts else ()
    return [(row.id, row.counts_for_id) for row in sorted(found, key=lambda row: (row.joined_at, row.id))]


def front(opening_id: int, home: int | None) -> Select[datetime, int, int | None]:
    """Return those of a home on the waiting list, the next one first."""
    columns = select(Registration.joined_at, Registration.id, Registration.counts_for_id)
    waiting = (Registration.opening_id == opening_id, Registration.state == R.WAITLISTED)
    whose = Registration.counts_for_id.is_(None) if home is None else Registration.counts_for_id == home
    return columns.where(*waiting, whose).order_by(Registration.joined_at, Registration.id)


def deadline_of(opening: Opening, *, now: datetime) -> datetime | None:
    """Return until when a place of an opening that is offered now can be taken; None where it is given at once."""
    if opening.offer_hours is None:
        return None
    facts = terms_of(opening)
    last = last_instant(facts.starts, closes_at=facts.closes_at, now=now)
    return answer_by(now, hours=opening.offer_hours, morning=opening.offer_morning, last=last)


def give(row: Registration, *, now: datetime, until: datetime | None) -> None:
    """Give a registration its place: at once, or by an offer `until` then."""
    if until is None:
        confirm(row, now=now)
    else:
        offer(row, until=until, now=now)


def offer(row: Registration, *, until: datetime, now: datetime) -> None:
    """Keep a place for a registration until then; to take it is to prove the address, so nothing else is waited for."""
    move(row, R.OFFERED, moves=REGISTRATION_MOVES)
    row.offered_at, row.answer_by, row.prove_by = now, until, None
    row.ended_at, row.reason = None, ""
    touch_seats(row, now=now)


def confirm(row: Registration, *, now: datetime) -> None:
    """Give a registration its place."""
    move(row, R.CONFIRMED, moves=REGISTRATION_MOVES)
    row.confirmed_at, row.ended_at, row.reason = now, None, ""
    touch_seats(row, now=now)


def touch_seats(row: Registration, *, now: datetime) -> None:
    """Raise the revision of a registration's chairs, so that calendars take the change."""
    for seat in row.seats:
        seat.revision += 1
        seat.changed_at = now
