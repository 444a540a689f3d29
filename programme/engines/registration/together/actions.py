"""Verbs upon those who come along: one more is brought, one stays away; under the opening's lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from programme.core.refusal import Refusal
from programme.engines.registration import places
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.choosing.newcomers import chairs_for_choice
from programme.engines.registration.choosing.queries import chosen_by, next_by_choice
from programme.engines.registration.keeping.namelessness import forget_sheets
from programme.engines.registration.models import Companion, Seat
from programme.engines.registration.places import Decision
from programme.engines.registration.queries import tally_of
from programme.engines.registration.series.chairs import free_by_capacity, is_series, weeks_of
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.series.weeks import has_chair as has_chair_for
from programme.engines.registration.states import HOLDING, LIVE, PlacesBy
from programme.engines.registration.together.companions import OTHERS, names_in, refuse_too_many
from programme.engines.registration.waiting.filling import fill, is_lent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration

ENDED = "This registration has ended, so who comes along stays as it is."
LENT = "You wait, and have the chair of a single date, which is for one. Give it back first, then bring somebody."
NO_PLACE = "There is no place left for one more: it would be the next one's who waits."


@dataclass(frozen=True, slots=True)
class Together:
    """A registration with who comes along now: the one brought or left out, if any, and who moved up for it."""

    registration: Registration
    companion: Companion | None = None
    name: str = ""
    promoted: tuple[Registration, ...] = ()


def bring(session: Session, registration_id: int, name: str, *, now: datetime) -> Together:
    """Let somebody come along: with a place only where one is free and nobody waits for it; a turn is kept."""
    row = locked_registration(session, registration_id)
    session.refresh(row, ["companions"])
    names = names_in([name])
    if row.state not in LIVE:
        raise Refusal(ENDED)
    if not names:
        raise Refusal("Enter the name of whoever comes along.", field=OTHERS)
    refuse_too_many(row.opening, [*(one.name for one in row.companions), *names])
    if row.state in HOLDING and row.opening.places_by is not PlacesBy.FIRST_COME:
        raise Refusal("The organisers say who has a place here: write to them.", field=OTHERS)
    if row.state in HOLDING:
        refuse_without_place(session, row, now=now)
    elif is_lent(row):
        raise Refusal(LENT, field=OTHERS)
    companion = Companion(name=names[0])
    row.companions.append(companion)
    row.heads += 1
    session.flush()
    # of a date that the others skip, one chair more is free
    return Together(row, companion, names[0], fill(session, row.opening, now=now))


def refuse_without_place(session: Session, row: Registration, *, now: datetime) -> None:
    """Refuse one more where there is no place for them, or no chair at each event that the others come to."""
    opening, tally = row.opening, tally_of(session, row.opening, now=now)
    if opening.chooses is not None:
        chairs_for_choice(session, opening, chosen_by(row))
    decision = places.decide(
        tally,
        places_by=PlacesBy.FIRST_COME,
        has_waiting_list=True,
        home=row.counts_for_id,
        is_awaited=None if opening.chooses is None else bool(next_by_choice(session, opening, tally)),
    )
    if decision is not Decision.PLACE or (is_series(opening) and lacks_chair(session, row, now=now)):
        raise Refusal(NO_PLACE, field=OTHERS)


def lacks_chair(session: Session, row: Registration, *, now: datetime) -> bool:
    """Whether one more has no chair at an event of a series to come that the others come to."""
    weeks = weeks_of(session, row.opening, now=now)
    free = free_by_capacity(session, row.opening)
    coming = [weeks[seat.event_id] for seat in row.seats if has_chair(seat) and not weeks[seat.event_id].is_over]
    return any(not has_chair_for(week, heads=1, free=free) for week in coming)


def lock_chairs(session: Session, row: Registration) -> None:
    """Lock the chairs of a registration: a helper at the door may be ticking whoever is left out."""
    own = Seat.registration_id == row.id
    session.execute(update(Seat.__table__).where(own).values(revision=Seat.revision))  # type: ignore[arg-type]


def leave_out(session: Session, registration_id: int, companion_id: int, *, now: datetime) -> Together:
    """Let somebody not come along after all: one place is given back, and the next has it. Twice changes nothing."""
    row = locked_registration(session, registration_id)
    session.refresh(row, ["companions"])
    if row.state not in LIVE:
        raise Refusal(ENDED)
    gone = next((one for one in row.companions if one.id == companion_id), None)
    if gone is None:
        return Together(row)
    lock_chairs(session, row)
    row.companions.remove(gone)
    row.heads -= 1
    session.flush()
    forget_sheets(session, [gone.answer_sheet_id], now=now)
    return Together(row, None, gone.name, fill(session, row.opening, now=now))
