"""Verbs of registering: each takes the opening's lock first, then decides by the pure rules; none tells anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.orm.attributes import set_committed_value

from programme.core.database import adopt
from programme.core.refusal import Refusal
from programme.core.tokens import token_hash
from programme.core.transitions import move
from programme.engines.registration import places, terms
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.openings.locking import NAMES, StaleError, decisive, look, raise_revision
from programme.engines.registration.queries import chairs_left, room_mates, tally_of, terms_of, waiting
from programme.engines.registration.states import (
    HOLDING,
    LIVE,
    REGISTRATION_MOVES,
    Attendance,
    PlacesBy,
    RegistrationState,
    SeatState,
    Source,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.openings.locking import Looked, Parts

R = RegistrationState
STATES = {
    places.Decision.PLACE: R.CONFIRMED,
    places.Decision.WAIT: R.WAITLISTED,
    places.Decision.LATER: R.PENDING,
}
ADDED = insert(Registration.__table__).returning(Registration.id)  # type: ignore[arg-type]
SEATED = insert(Seat.__table__)  # type: ignore[arg-type]
FULL = "Every place is taken, and there is no waiting list."


class Happened(StrEnum):
    """What a claim came to."""

    NEW = "new"
    REPEATED = "repeated"
    ALREADY = "already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody wants to register. `memberships` are ids of organisations they belong to.

    `is_proved` says that whoever sends this reads the mail of `address`. `form_key` is random for each rendered form.
    """

    person_id: int
    name: str
    address: str
    organisation_id: int | None = None
    memberships: frozenset[int] = frozenset()
    is_proved: bool = False
    form_key: str = ""
    source: Source = Source.SELF


@dataclass(frozen=True, slots=True)
class Entered:
    """The registration that answers a claim, and whether it is new, the same form again, or was there already."""

    registration: Registration
    happened: Happened


@dataclass(frozen=True, slots=True)
class Ended:
    """A registration that ended (`changed` is false where it had ended before), and who moved up for it."""

    registration: Registration
    changed: bool
    held_place: bool = False
    promoted: tuple[Registration, ...] = ()


def lock(session: Session, opening_id: int) -> Opening:
    """Lock an opening until the transaction ends, and read it afresh; with it those that share a room with it.

    The lock is an ordinary UPDATE, the transaction's first write, which works on both databases; in ascending order.
    """
    return lock_all(session, [opening_id])[opening_id]


def lock_all(session: Session, opening_ids: Collection[int]) -> dict[int, Opening]:
    """Lock several openings, in ascending order."""
    return {one: lock_row(session, one) for one in room_mates(session, opening_ids)}


def lock_row(session: Session, opening_id: int) -> Opening:
    """Raise one opening's revision and take over what its row says now."""
    row = raise_revision(session, opening_id)
    opening = session.get_one(Opening, opening_id)
    for name, value in zip(NAMES, row, strict=True):
        set_committed_value(opening, name, value)
    return opening


def register(session: Session, opening_id: int, claim: Claim, *, now: datetime) -> Entered:
    """Register somebody under the lock; Refusal with the sentence where the rules say no."""
    return enter(session, lock(session, opening_id), claim, now=now)


def enter(session: Session, opening: Opening, claim: Claim, *, now: datetime, parts: Parts | None = None) -> Entered:
    """Decide about a claim and write it down. Only right on an opening that is locked.

    `parts` are the versions of what is known of the opening: StaleError where they have changed.
    """
    looked = look(session, opening, person_id=claim.person_id, form_key=form_key_of(opening.id, claim))
    if parts is not None and decisive(parts) != looked.parts:
        raise StaleError
    former = former_answer(session, looked)
    if former is not None:
        return former
    facts = terms_of(opening)
    against = terms.reason_against(facts, claim.memberships, now)
    if against is not None:
        raise Refusal(against[0], field=against[1])
    decision = decision_for(session, opening, looked)
    if decision is places.Decision.FULL:
        raise Refusal(FULL)
    prove_by = terms.prove_by(facts, hours_to_prove=opening.unproved_hours, now=now)
    kept_until = None if claim.is_proved else prove_by
    claim = replace(claim, form_key="") if looked.is_spent else claim
    row = enrolled(session, opening, claim, state=STATES[decision], prove_by=kept_until, now=now)
    return Entered(row, Happened.NEW)


def former_answer(session: Session, looked: Looked) -> Entered | None:
    """Return the registration of the same form sent before, or the person's live one, if there is one."""
    found = looked.same or looked.former
    if found is None:
        return None
    row = session.get_one(Registration, found, populate_existing=True)
    return Entered(row, Happened.REPEATED if looked.same else Happened.ALREADY)


def form_key_of(opening_id: int, claim: Claim) -> str | None:
    """Return what is kept of a form's key: of one form sent for two people, both count."""
    return token_hash(f"{opening_id}:{claim.person_id}:{claim.form_key}") if claim.form_key else None


def decision_for(session: Session, opening: Opening, looked: Looked) -> places.Decision:
    """Ask the rule about a newcomer, from what is taken now."""
    return places.decide(
        looked.tally(capacity=opening.capacity, chairs=chairs_left(session, opening.events)),
        places_by=opening.places_by,
        has_waiting_list=opening.has_waiting_list,
        is_drawn=bool(opening.ballot_seed),
    )


def enrolled(
    session: Session,
    opening: Opening,
    claim: Claim,
    *,
    state: RegistrationState,
    prove_by: datetime | None,
    now: datetime,
) -> Registration:
    """Write the row for a claim, with a chair at each event; by statements of their own, which cost a third."""
    values = {
        "opening_id": opening.id,
        "person_id": claim.person_id,
        "name": claim.name,
        "address": claim.address,
        "organisation_id": claim.organisation_id,
        "state": state,
        "source": claim.source,
        "joined_at": now,
        "confirmed_at": now if state is R.CONFIRMED else None,
        "prove_by": prove_by,
        "reason": "",
        "note": "",
        "link_version": 1,
        "form_key": form_key_of(opening.id, claim),
    }
    row = adopt(session, Registration(id=session.scalar(ADDED, values), **values))
    if opening.events:
        session.execute(SEATED, [chair(row.id, event.id, now=now) for event in opening.events])
    return row


def chair(registration_id: int, event_id: int, *, now: datetime) -> dict[str, Any]:
    """Return the values of a chair that is held."""
    return {
        "registration_id": registration_id,
        "event_id": event_id,
        "state": SeatState.HELD,
        "attendance": Attendance.UNKNOWN,
        "revision": 0,
        "changed_at": now,
    }


def cancel(session: Session, registration_id: int, *, now: datetime, reason: str = "") -> Ended:
    """Cancel a registration; the free place goes to the next. A second time changes nothing."""
    row = locked_registration(session, registration_id)
    if row.state not in LIVE:
        return Ended(row, changed=False)
    return end(session, row, R.CANCELLED, now=now, reason=reason)


def end(session: Session, row: Registration, state: RegistrationState, *, now: datetime, reason: str = "") -> Ended:
    """Move a registration whose opening is locked to an end, and fill the place it held."""
    before = move(row, state, moves=REGISTRATION_MOVES)
    row.ended_at, row.reason = now, reason
    touch_seats(row, now=now)
    session.flush()
    held = before in HOLDING
    return Ended(row, changed=True, held_place=held, promoted=fill(session, row.opening, now=now) if held else ())


def touch_seats(row: Registration, *, now: datetime) -> None:
    """Raise the revision of a registration's chairs, so that calendars take the change."""
    for seat in row.seats:
        seat.revision += 1
        seat.changed_at = now


def locked_registration(session: Session, registration_id: int) -> Registration:
    """Lock a registration's opening, then read the registration afresh."""
    row = session.get_one(Registration, registration_id)
    lock(session, row.opening_id)
    session.refresh(row, ["state", "prove_by", "address", "name", "joined_at", "ended_at", "link_version"])
    return row


def fill(session: Session, opening: Opening, *, now: datetime) -> tuple[Registration, ...]:
    """Fill what is free in a locked opening, then in those that share its room."""
    promoted = list(promote_next(session, opening, now=now))
    for other in room_mates(session, [opening.id]):
        if other != opening.id:
            promoted += promote_next(session, session.get_one(Opening, other), now=now)
    return tuple(promoted)


def promote_next(session: Session, opening: Opening, *, now: datetime) -> tuple[Registration, ...]:
    """Move up as many of the waiting list as there are places, in its order. The opening must be locked.

    Openings that decide one by one leave it to the organisers; nobody moves up to what has begun or is called off.
    """
    if opening.places_by is PlacesBy.DECISION or not terms.takes_place(terms_of(opening), now):
        return ()
    number = places.moves_up(tally_of(session, opening))
    following = session.scalars(waiting(opening.id).limit(number)).all() if number else []
    for row in following:
        confirm(row, now=now)
    session.flush()
    return tuple(following)


def confirm(row: Registration, *, now: datetime) -> None:
    """Give a registration its place."""
    move(row, R.CONFIRMED, moves=REGISTRATION_MOVES)
    row.confirmed_at, row.ended_at, row.reason = now, None, ""
    touch_seats(row, now=now)


def fill_places(session: Session, opening_id: int, *, now: datetime) -> tuple[Registration, ...]:
    """Fill what became free by a raised capacity or a larger room."""
    return fill(session, lock(session, opening_id), now=now)


def prove(session: Session, registration_id: int, *, now: datetime) -> Registration:
    """Keep a place for good: whoever holds the link reads the mail. Refusal where the time has run out."""
    row = locked_registration(session, registration_id)
    if row.state not in LIVE or (row.prove_by is not None and row.prove_by <= now):
        raise Refusal("The time to keep this place has run out. Register again, if there are places.")
    row.prove_by = None
    session.flush()
    return row
