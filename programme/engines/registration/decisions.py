"""Verbs of organisers and of time: promote, refuse, draw, add on behalf, lapse, attendance; none tells anybody."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.core.web.words import join_words, ordinal, plural
from programme.engines.approvals import actions as approvals
from programme.engines.registration import places
from programme.engines.registration.actions import (
    STATES,
    Claim,
    Ended,
    Entered,
    Happened,
    counted_for,
    decision_for,
    end,
    former_answer,
    lock,
    lock_all,
    locked_registration,
)
from programme.engines.registration.choosing.newcomers import chairs_for_choice, refuse_no_choice
from programme.engines.registration.choosing.queries import tally_for
from programme.engines.registration.claims.enrolling import enrolled, form_key_of
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.door.actions import locked_seat
from programme.engines.registration.door.group import comers, mark
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.openings.locking import look
from programme.engines.registration.queries import come_back, in_state, position, tally_of, unproved
from programme.engines.registration.series.chairs import chairless
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import (
    HOLDING,
    LIVE,
    REGISTRATION_MOVES,
    Attendance,
    PlacesBy,
    RegistrationState,
    Source,
)
from programme.engines.registration.together.companions import refuse_too_many
from programme.engines.registration.waiting.filling import confirm, fill, is_lent, touch_seats
from programme.engines.registration.waiting.lending import lent_at_once

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening

R = RegistrationState
NO_PLACE_LEFT = "Every place is taken. Raise the number of places, or admit this person beyond it."
OUT_OF_TURN = "Others have waited longer. Say why this person comes first: the reason is kept in the history."
UNPROVED = "Nobody proved the address in time."
ALL_KEPT = "The places left are kept for members of others. Keep fewer for them, or admit this person beyond it."
CAME_BACK = "They have registered again since: decide about the newer registration."
TOO_MANY = "There are not places enough for all of this group. Raise the number of places, or admit them beyond it."


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a ballot came to, and the seed by which anybody can draw it again."""

    seed: str
    winners: tuple[Registration, ...]
    waiting: tuple[Registration, ...]
    refused: tuple[Registration, ...]


def promote(
    session: Session, registration_id: int, *, now: datetime, even_if_full: bool = False, reason: str = ""
) -> Registration:
    """Give a place to a given one; out of turn only with a reason, beyond the capacity only where it is said.

    Whoever is offered a place has it from now on: they may have said so otherwise than by their link.
    """
    row = locked_registration(session, registration_id)
    if row.state is R.CONFIRMED:
        return row
    lacking = frozenset[int]()
    if row.state is not R.OFFERED:
        refuse_earlier(session, row)
        check_turn(session, row, reason=reason)
        check_free(session, row, now=now, even_if_full=even_if_full)
        lacking = lacking if even_if_full else chairless(session, row.opening, row, now=now)
    confirm(row, now=now, lacking=lacking)
    session.flush()
    return row


def refuse_earlier(session: Session, row: Registration) -> None:
    """Refuse to bring back whoever was refused and has registered anew: the newer registration is what counts."""
    if row.state is R.REFUSED and come_back(session, [row.id]):
        raise Refusal(CAME_BACK)


def check_turn(session: Session, row: Registration, *, reason: str) -> None:
    """Refuse to pass over those who have waited longer, unless it is said why: the trail keeps the reason."""
    if row.state is R.WAITLISTED and not reason.strip() and position(session, row) > 1:
        raise Refusal(OUT_OF_TURN, field="reason")


def check_free(session: Session, row: Registration, *, now: datetime, even_if_full: bool) -> None:
    """Refuse where no place is left for somebody, unless it is said that they have one beyond the places."""
    tally = tally_for(session, row, now=now)
    if not even_if_full and not tally.fits(row.counts_for_id, heads=row.heads):
        raise Refusal(TOO_MANY if tally.fits(row.counts_for_id) else ALL_KEPT if tally.free else NO_PLACE_LEFT)


def refuse(session: Session, registration_id: int, *, reason: str, now: datetime) -> Ended:
    """Say no to a registration; a place it held goes to the next. A second time changes nothing."""
    row = locked_registration(session, registration_id)
    if row.state is R.REFUSED:
        return Ended(row, changed=False)
    return end(session, row, R.REFUSED, now=now, reason=reason)


def add_on_behalf(
    session: Session, opening_id: int, claim: Claim, *, now: datetime, even_if_full: bool = False
) -> Entered:
    """Enter somebody whom an organiser vouches for: window and eligibility do not bind, places and keys do."""
    opening = lock(session, opening_id)
    looked = look(session, opening, person_id=claim.person_id, form_key=form_key_of(opening_id, claim))
    former = former_answer(session, looked)
    if former is not None:
        return former
    refuse_too_many(opening, claim.others)
    home = counted_for(opening, claim, now=now)
    state = R.PENDING if keyed_terms(session, opening) is not None else R.CONFIRMED
    if even_if_full or state is R.PENDING:
        if claim.source is not Source.WALK_IN:
            refuse_no_choice(opening, claim.choice)
    else:
        decision = decision_for(session, opening, looked, claim, home=home, now=now)
        is_given = opening.places_by is PlacesBy.DECISION and has_place(session, opening, claim, home=home, now=now)
        state = R.CONFIRMED if is_given else STATES[decision]
    row = enrolled(session, opening, claim, state=state, home=home, prove_by=None, now=now, is_beyond=even_if_full)
    return Entered(row, Happened.NEW, lent_at_once(session, opening, row, now=now))


def has_place(session: Session, opening: Opening, claim: Claim, *, home: int | None, now: datetime) -> bool:
    """Whether there is a place for all of a claim: whoever adds somebody decides at once, but not beyond the places."""
    chairs = None if opening.chooses is None else chairs_for_choice(session, opening, claim.choice)
    if chairs is not None and chairs < claim.heads:
        return False
    return tally_of(session, opening, now=now).fits(home, heads=claim.heads)


def draw_ballot(session: Session, opening_id: int, *, now: datetime, seed: str = "") -> Drawn:
    """Draw an opening's ballot, once: winners have a place, the others wait in the order drawn, or are refused."""
    opening = lock(session, opening_id)
    if opening.places_by is not PlacesBy.BALLOT:
        raise Refusal("Places here are not given by ballot.")
    if opening.ballot_seed:
        raise Refusal("This ballot has been drawn already.")
    opening.ballot_seed, opening.ballot_at = seed or secrets.token_hex(16), now
    entrants = {row.id: row for row in session.scalars(in_state(opening_id, R.PENDING))}
    tally = tally_of(session, opening, now=now)
    drawn = places.draw(
        entrants,
        places=tally.free,
        seed=opening.ballot_seed,
        homes={one: row.counts_for_id for one, row in entrants.items()},
        heads={one: row.heads for one, row in entrants.items()},
        kept={share.organisation_id: share.unused for share in tally.shares},
    )
    winners, others = [entrants[one] for one in drawn.winners], [entrants[one] for one in drawn.others]
    for row in winners:
        confirm(row, now=now)
    leave_undrawn(others, state=R.WAITLISTED if opening.has_waiting_list else R.REFUSED, now=now)
    for number, one in enumerate(drawn.order, start=1):
        entrants[one].reason = lot_words(number, opening, tally)
    session.flush()
    return Drawn(
        opening.ballot_seed,
        tuple(winners),
        tuple(row for row in others if row.state is R.WAITLISTED),
        tuple(row for row in others if row.state is R.REFUSED),
    )


def leave_undrawn(others: Sequence[Registration], *, state: RegistrationState, now: datetime) -> None:
    """Put those who were not drawn on the waiting list in their order, or refuse them."""
    for number, row in enumerate(others):
        move(row, state, moves=REGISTRATION_MOVES)
        row.joined_at = now + timedelta(microseconds=number)
        if state is R.REFUSED:
            row.ended_at = now


def lot_words(number: int, opening: Opening, tally: places.Tally) -> str:
    """Tell somebody why the ballot came out as it did for them: their number, and how many places were for whom."""
    names = {row.organisation_id: row.organisation.short_name for row in opening.quotas}
    kept = [f"{share.unused} for {names[share.organisation_id]}" for share in tally.shares if share.unused]
    among = f", of which {join_words(kept)} were kept" if kept else ""
    return f"You were drawn {ordinal(number)} of {tally.pending}, for {plural(tally.free or 0, 'place')}{among}."


def lapse_unproved(session: Session, *, now: datetime, limit: int) -> tuple[Ended, ...]:
    """End what nobody proved in time, in up to `limit` openings, and fill the places: twice changes nothing more."""
    found = set(session.scalars(unproved(now, limit=limit)))
    ended: list[Ended] = []
    for opening_id in lock_all(session, found) if found else ():
        overdue = select(Registration).where(
            Registration.opening_id == opening_id, Registration.prove_by <= now, Registration.state.in_(LIVE)
        )
        rows = session.scalars(overdue.order_by(Registration.id).execution_options(populate_existing=True)).all()
        ended += lapse(session, rows, now=now)
    return tuple(ended)


def lapse(
    session: Session,
    rows: Sequence[Registration],
    *,
    now: datetime,
    why: Callable[[Registration], str] = lambda _: UNPROVED,
) -> list[Ended]:
    """Let registrations of one locked opening lapse, all before anybody moves up: the next may be one of them."""
    held = [row.state in HOLDING or is_lent(row) for row in rows]
    for row in rows:
        move(row, R.LAPSED, moves=REGISTRATION_MOVES)
        row.ended_at, row.reason = now, why(row)
        approvals.withdraw(session, row.__tablename__, row.id, now=now)
        touch_seats(row, now=now)
    session.flush()
    promoted = fill(session, rows[0].opening, now=now) if any(held) else ()
    return [
        Ended(row, changed=True, held_place=place, promoted=promoted if number == 0 else ())
        for number, (row, place) in enumerate(zip(rows, held, strict=True))
    ]


def mark_attendance(session: Session, seat_id: int, attendance: Attendance, *, now: datetime) -> Seat:
    """Note whether the people of a seat came: whoever registered, and those who come along."""
    seat = session.get_one(Seat, seat_id)
    if not has_chair(seat):
        raise Refusal(f"{seat.registration.name} has no place here, so there is nothing to mark.")
    if seat.registration.heads > 1:
        locked_seat(session, seat_id)
    for one in comers(seat):
        mark(seat, one.who, attendance, at=now)
    session.flush()
    return seat
