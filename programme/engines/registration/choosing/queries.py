"""Named reads of an opening whose people choose among its events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.naming import shown_title
from programme.engines.registration.choosing.rule import Terms, Wish, moves_up
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.places import smallest
from programme.engines.registration.queries import tally_of
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import RegistrationState, SeatState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.engines.registration.places import Tally


def terms_of(opening: Opening) -> Terms | None:
    """Return what the rule needs to know of an opening; None where one is admitted to all of its events."""
    if opening.chooses is None:
        return None
    names = {event.id: shown_title(event.title, is_known=event.title_is_known) for event in opening.events}
    return Terms(most=opening.chooses, events=names, fewer=opening.may_choose_fewer)


def chosen_by(row: Registration) -> frozenset[int]:
    """Return the events that somebody has chosen."""
    return frozenset(seat.event_id for seat in row.seats if seat.state is not SeatState.SKIPPED)


def wishes(session: Session, opening: Opening) -> list[tuple[int, Wish]]:
    """Return who waits and for what, by id, in the order of joining: a statement, however many they are."""
    statement = (
        select(Registration.id, Registration.counts_for_id, Registration.heads, Seat.event_id)
        .join(Seat, Seat.registration_id == Registration.id)
        .where(Registration.opening_id == opening.id, Registration.state == RegistrationState.WAITLISTED)
        .where(Seat.state != SeatState.SKIPPED)
        .order_by(Registration.joined_at, Registration.id)
    )
    events, found = defaultdict[int, set[int]](set), dict[int, Wish]()
    for one, home, heads, event_id in session.execute(statement):
        events[one].add(event_id)
        found[one] = Wish(home=home, heads=heads)
    return [(one, replace(wish, events=frozenset(events[one]))) for one, wish in found.items()]


def choices(session: Session, opening: Opening) -> dict[int, frozenset[int]]:
    """Return the events that each has chosen, by the id of the registration: a statement, however many they are."""
    chosen = select(Seat.registration_id, Seat.event_id).join(Registration, Registration.id == Seat.registration_id)
    events = defaultdict[int, set[int]](set)
    of_opening = (Registration.opening_id == opening.id, Seat.state != SeatState.SKIPPED)
    for one, event_id in session.execute(chosen.where(*of_opening)):
        events[one].add(event_id)
    return {one: frozenset(some) for one, some in events.items()}


def line(session: Session, opening: Opening) -> dict[int, Wish]:
    """Return who waits, by id, in the order of joining; where people choose among events, with what they chose."""
    if opening.chooses is not None:
        return dict(wishes(session, opening))
    waiting = select(Registration.id, Registration.counts_for_id, Registration.heads).where(
        Registration.opening_id == opening.id, Registration.state == RegistrationState.WAITLISTED
    )
    found = session.execute(waiting.order_by(Registration.joined_at, Registration.id))
    return {one: Wish(home=home, heads=heads) for one, home, heads in found}


def next_by_choice(session: Session, opening: Opening, tally: Tally) -> list[int]:
    """Return the ids of those who move up to their choice now; none is read where no place is free."""
    tally = replace(tally, chairs=None)
    if tally.waiting == 0 or tally.free == 0:
        return []
    queue = wishes(session, opening)
    moving = moves_up(tally, chairs_by_event(session, opening.events), [wish for _, wish in queue])
    return [queue[index][0] for index in moving]


def tally_for(session: Session, row: Registration, *, now: datetime) -> Tally:
    """Return what is taken of an opening as one registration meets it: of a choice, the rooms of the chosen alone."""
    tally = tally_of(session, row.opening, now=now)
    if row.opening.chooses is None:
        return tally
    rooms = chairs_by_event(session, row.opening.events)
    return replace(tally, chairs=smallest([rooms.get(event) for event in chosen_by(row)]))
