"""Verbs of choosing: what a newcomer chose is held against the rule, and a choice is changed; under the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.choosing.newcomers import EVENTS
from programme.engines.registration.choosing.queries import chosen_by, terms_of
from programme.engines.registration.choosing.rule import full, reason_against, refusal_of
from programme.engines.registration.models import Seat
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import LIVE, SEAT_MOVES, SeatState
from programme.engines.registration.waiting.filling import fill

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.choosing.rule import Terms
    from programme.engines.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Chosen:
    """A registration with its choice, whether that is another one now, and who moved up for it."""

    registration: Registration
    changed: bool = False
    promoted: tuple[Registration, ...] = ()


def choose_again(session: Session, registration_id: int, choice: Collection[int], *, now: datetime) -> Chosen:
    """Change which events somebody comes to: what is new has to be free, and what is left goes to the next."""
    row = locked_registration(session, registration_id)
    terms = terms_of(row.opening)
    if terms is None:
        raise Refusal("Here a place is one at every event: there is nothing to choose.")
    if row.state not in LIVE:
        raise Refusal("This registration has ended, so its choice stays as it is.")
    before, wanted = chosen_by(row), frozenset(choice)
    if wanted == before:
        return Chosen(row)
    against = reason_against(terms, wanted)
    if against is not None:
        raise Refusal(against, field=EVENTS)
    refuse_begun(row, before ^ wanted, now=now)
    refuse_gone(session, row, terms, wanted - before)
    change(row, wanted, now=now)
    session.flush()
    return Chosen(row, changed=True, promoted=fill(session, row.opening, now=now))


def refuse_begun(row: Registration, changed: Collection[int], *, now: datetime) -> None:
    """Refuse to come to what has begun, or not to have come to it."""
    for event in row.opening.events:
        if event.id in changed and event.date_is_known and event.starts_at <= now:
            raise Refusal(f"“{event.title}” has begun or is over, so that stays as it is.", field=EVENTS)


def refuse_gone(session: Session, row: Registration, terms: Terms, wanted: Collection[int]) -> None:
    """Refuse an event whose every chair is taken."""
    rooms = chairs_by_event(session, row.opening.events)
    gone = full(rooms, sorted(wanted), heads=row.heads)
    if gone:
        raise Refusal(refusal_of(terms, rooms, gone, heads=row.heads), field=EVENTS)


def change(row: Registration, wanted: frozenset[int], *, now: datetime) -> None:
    """Let somebody have chairs at these events and no others; a chair once had stays, so that calendars are told."""
    present = {seat.event_id: seat for seat in row.seats}
    for event_id, seat in present.items():
        is_wanted = event_id in wanted
        if is_wanted is (seat.state is SeatState.SKIPPED):
            move(seat, SeatState.HELD if is_wanted else SeatState.SKIPPED, moves=SEAT_MOVES)
            seat.changed_at, seat.revision = now, seat.revision + 1
    row.seats += [Seat(event_id=one, changed_at=now) for one in sorted(wanted - present.keys())]
