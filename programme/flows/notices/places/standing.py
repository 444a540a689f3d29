"""Where what letters are about stands now, asked for a whole batch of them in a statement or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from programme.engines.calendar.models import Event
from programme.engines.registration.models import OpeningEvent, Registration, Seat
from programme.engines.registration.states import SeatState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.registration.states import RegistrationState


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a registration stands: its state, when it ended, and whether everything it admits to is over."""

    state: RegistrationState
    ended_at: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Date:
    """Where an event stands: the number of its last news, and when it ends."""

    news: int
    ends_at: datetime
    is_known: bool


def claims(session: Session, ids: Collection[int], *, now: datetime) -> Mapping[int, Claim]:
    """Return where registrations stand, by id."""
    columns = (Registration.id, Registration.state, Registration.ended_at, all_is_over(now).label("is_over"))
    found = session.execute(select(*columns).where(Registration.id.in_(ids)))
    return {row.id: Claim(row.state, row.ended_at, bool(row.is_over)) for row in found}


def all_is_over(now: datetime) -> ColumnElement[bool]:
    """Whether every event of a registration's opening lies behind; what waits for a date does not."""
    events = (
        select(OpeningEvent.event_id)
        .join(Event, Event.id == OpeningEvent.event_id)
        .where(OpeningEvent.opening_id == Registration.opening_id)
        .correlate(Registration)
    )
    ahead = events.where(or_(Event.ends_at > now, Event.date_is_known.is_(False)))
    return and_(events.exists(), ~ahead.exists())


def dates(session: Session, ids: Collection[int]) -> Mapping[int, Date]:
    """Return where events stand, by id."""
    columns = (Event.id, Event.news, Event.ends_at, Event.date_is_known)
    found = session.execute(select(*columns).where(Event.id.in_(ids)))
    return {row.id: Date(row.news, row.ends_at, row.date_is_known) for row in found}


def attenders(
    session: Session, ids: Collection[int], *, events: Collection[int]
) -> Mapping[int, tuple[RegistrationState, frozenset[int]]]:
    """Return the state of registrations, and which of `events` each has given up, by id."""
    skipped = and_(Seat.registration_id == Registration.id, Seat.event_id.in_(events), Seat.state == SeatState.SKIPPED)
    rows = select(Registration.id, Registration.state, Seat.event_id).outerjoin(Seat, skipped)
    found: dict[int, tuple[RegistrationState, frozenset[int]]] = {}
    for row in session.execute(rows.where(Registration.id.in_(ids))):
        given_up = found[row.id][1] if row.id in found else frozenset()
        found[row.id] = (row.state, given_up | ({row.event_id} if row.event_id else set()))
    return found
