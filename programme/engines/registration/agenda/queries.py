"""Named reads of one person's own registrations: what is to come, what is past, and what has no date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.states import LIVE, RegistrationState, SeatState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

MOST_ENDED = 10
UNDONE = (RegistrationState.REFUSED, RegistrationState.LAPSED)
"""What ends without its person's doing."""


def coming(session: Session, person_id: int, *, now: datetime) -> Sequence[Seat]:
    """Return a person's chairs at what is to come, by date; what waits for a new date is to come."""
    ahead = or_(Event.ends_at > now, ~Event.date_is_known)
    statement = chairs(person_id).where(Registration.state.in_(LIVE), ahead)
    return session.scalars(statement.order_by(Event.starts_at, Event.id, Seat.id)).all()


def past(person_id: int, *, now: datetime) -> Select[Seat]:
    """Return a person's chairs at what is over, where they had a place, the latest first."""
    settled = or_(Registration.state == RegistrationState.CONFIRMED, Seat.state == SeatState.LENT)
    over = (Event.ends_at <= now, Event.date_is_known, settled)
    return chairs(person_id).where(*over).order_by(Event.starts_at.desc(), Event.id.desc(), Seat.id.desc())


def chairs(person_id: int) -> Select[Seat]:
    """Return a person's chairs with what an agenda shows.

    Without those at what came to nothing, and at what somebody chose once and not any more.
    """
    return (
        select(Seat)
        .join(Registration, Registration.id == Seat.registration_id)
        .join(Event, Event.id == Seat.event_id)
        .join(Opening, Opening.id == Registration.opening_id)
        .where(Registration.person_id == person_id, Event.state != EventState.DRAFT)
        .where(or_(Seat.state != SeatState.SKIPPED, Opening.chooses.is_(None)))
        .options(
            contains_eager(Seat.registration)
            .joinedload(Registration.opening)
            .selectinload(Opening.events)
            .load_only(Event.id),
            contains_eager(Seat.event).options(joinedload(Event.venue), joinedload(Event.series)),
        )
    )


def ended_since(session: Session, person_id: int, *, since: datetime) -> Sequence[Registration]:
    """Return what of a person's was refused or lapsed since, the latest first, but for what they are in for again."""
    again = aliased(Registration)
    lives = exists().where(
        again.opening_id == Registration.opening_id, again.person_id == person_id, again.state.in_(LIVE)
    )
    statement = (
        select(Registration)
        .where(Registration.person_id == person_id, Registration.state.in_(UNDONE), Registration.ended_at > since)
        .where(~lives)
        .options(joinedload(Registration.opening))
        .order_by(Registration.ended_at.desc(), Registration.id.desc())
        .limit(MOST_ENDED)
    )
    return session.scalars(statement).all()


def without_events(session: Session, person_id: int) -> Sequence[Registration]:
    """Return a person's live registrations for openings that admit to no event: applications."""
    statement = (
        select(Registration)
        .where(Registration.person_id == person_id, Registration.state.in_(LIVE), ~Registration.seats.any())
        .options(joinedload(Registration.opening))
        .order_by(Registration.joined_at)
    )
    return session.scalars(statement).all()
