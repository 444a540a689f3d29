"""How many there are: what organisers are told in a letter before or after what they organise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from programme.engines.calendar.models import Event, EventCoOwner
from programme.engines.registration.models import Opening, OpeningCoOwner, OpeningEvent, Registration, Seat
from programme.engines.registration.states import Attendance, RegistrationState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

R = RegistrationState
SAID = ((R.OFFERED, "offered"), (R.PENDING, "to decide"), (R.WAITLISTED, "waiting"))


@dataclass(frozen=True, slots=True)
class Figures:
    """An opening in numbers, as a letter says them."""

    opening_id: int
    title: str
    words: str


def of_openings(session: Session, opening_ids: Collection[int]) -> Mapping[int, list[Figures]]:
    """Return each opening's figures, by its id: one statement."""
    statement = (
        select(Opening.id, Opening.id, Opening.title, Opening.capacity, Registration.state, func.count(Registration.id))
        .outerjoin(Registration, Registration.opening_id == Opening.id)
        .where(Opening.id.in_(opening_ids))
        .group_by(Opening.id, Opening.title, Opening.capacity, Registration.state)
        .order_by(Opening.id)
    )
    return gathered([(*row, 0) for row in session.execute(statement)])


def of_events(session: Session, event_ids: Collection[int]) -> Mapping[int, list[Figures]]:
    """Return the figures of the openings that admit to events, by event: one statement.

    Of what not all who run an event run, too, nothing is told: the letter says the same to the organisers of each.
    """
    came = func.sum(case((Seat.attendance == Attendance.PRESENT, 1), else_=0))
    statement = (
        select(
            *(OpeningEvent.event_id, Opening.id, Opening.title, Opening.capacity),
            *(Registration.state, func.count(Registration.id), came),
        )
        .join(Opening, Opening.id == OpeningEvent.opening_id)
        .outerjoin(Registration, Registration.opening_id == Opening.id)
        .outerjoin(Seat, (Seat.registration_id == Registration.id) & (Seat.event_id == OpeningEvent.event_id))
        .join(Event, Event.id == OpeningEvent.event_id)
        .where(OpeningEvent.event_id.in_(event_ids), is_run_by_all())
        .group_by(OpeningEvent.event_id, Opening.id, Opening.title, Opening.capacity, Registration.state)
        .order_by(OpeningEvent.event_id, Opening.id)
    )
    return gathered(session.execute(statement))


def is_run_by_all() -> ColumnElement[bool]:
    """Whether the lead of an event and everybody who shares it run or share an opening to it."""
    shares = select(OpeningCoOwner.organisation_id).where(OpeningCoOwner.opening_id == Opening.id)
    runs = or_(Opening.lead_organisation_id == Event.lead_organisation_id, Event.lead_organisation_id.in_(shares))
    outsiders = select(EventCoOwner.organisation_id).where(
        EventCoOwner.event_id == Event.id,
        EventCoOwner.organisation_id != Opening.lead_organisation_id,
        EventCoOwner.organisation_id.not_in(shares.correlate(Opening)),
    )
    return and_(runs, ~outsiders.correlate(Event, Opening).exists())


def gathered(rows: Iterable[Any]) -> Mapping[int, list[Figures]]:
    """Gather counts by thing and opening."""
    found: dict[tuple[int, int, str, int | None], tuple[Counter[RegistrationState], int]] = {}
    for thing_id, opening_id, title, capacity, state, number, came in rows:
        states, there = found.get((thing_id, opening_id, title, capacity), (Counter(), 0))
        states[state] += number
        found[thing_id, opening_id, title, capacity] = (states, there + (came or 0))
    figures: dict[int, list[Figures]] = {}
    for (thing_id, opening_id, title, capacity), (states, came) in found.items():
        figures.setdefault(thing_id, []).append(Figures(opening_id, title, said(states, capacity, came)))
    return figures


def said(states: Counter[RegistrationState], capacity: int | None, came: int) -> str:
    """Say an opening's numbers: 18 of 20 with a place, 3 waiting, 15 came."""
    of = f" of {capacity}" if capacity is not None else ""
    parts = [f"{states[R.CONFIRMED]}{of} with a place"]
    parts += [f"{states[state]} {word}" for state, word in SAID if states[state]]
    return ", ".join([*parts, f"{came} came"] if came else parts)
