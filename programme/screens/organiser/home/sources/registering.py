"""What registration and mail need of the organisers, and how the next events fill up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, func, or_, select

from programme.core.web.words import plural, short_date
from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.queries import visible_to
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Opening, OpeningCoOwner, OpeningEvent, Registration, Seat
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import (
    LIVE,
    Attendance,
    OpeningState,
)
from programme.people.models import Role
from programme.screens.organiser.events.queries import fillings
from programme.screens.organiser.home.need import Need

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor, Grant
    from programme.screens.organiser.events.queries import Filling

CLOSING_WITHIN = timedelta(days=7)
MARK_WITHIN = timedelta(days=30)
MOST = 10
MOST_FILLING = 6


def needs(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return what registration and mail need."""
    return [
        *failed_letters(session, actor, now=now),
        *waiting_beside_free_places(session, actor, now=now),
        *running_out(session, actor, now=now),
        *closing(session, actor, now=now),
        *unmarked(session, actor, now=now),
    ]


def own_openings(actor: Actor) -> ColumnElement[bool]:
    """Whether the opening is one that the actor's organisations run."""
    return or_(false(), *[run_under(grant) for grant in actor.grants])


def run_under(grant: Grant) -> ColumnElement[bool]:
    """Return what one grant opens."""
    if grant.role is not Role.ORGANISER or grant.organisation is None:
        return false()
    shared = select(OpeningCoOwner.opening_id).where(OpeningCoOwner.organisation_id == grant.organisation)
    run = or_(Opening.lead_organisation_id == grant.organisation, Opening.id.in_(shared))
    return and_(run, Opening.strand == grant.strand) if grant.strand else run


def failed_letters(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return how many letters could not be sent."""
    lost = select(func.count()).where(visible_to(actor), OutboxMessage.state == OutboxState.FAILED)
    count = session.scalar(lost) or 0
    if not count:
        return []
    title = f"{plural(count, 'letter')} could not be sent"
    why = "See why: correct the address, or send again."
    return [Need(title, "/organise/mail?state=failed", why, now, "Look", station="late")]


def waiting_beside_free_places(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return openings with free places that somebody waits for: nobody moves up by itself where you decide."""
    return [
        Need(
            f"{plural(item.waiting, 'person', 'people')} {'waits' if item.waiting == 1 else 'wait'} beside free places",
            f"/organise/openings/{item.opening.id}",
            f"{item.opening.title}: {item.words}.",
            now,
            "Decide",
            station="offer",
        )
        for item in upcoming(session, actor, now=now)
        if item.waiting and item.left
    ]


def running_out(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return openings where addresses nobody has proved hold places, with when the first one lapses."""
    statement = (
        select(Opening.id, Opening.title, func.count(), func.min(Registration.prove_by))
        .join(Registration, Registration.opening_id == Opening.id)
        .where(own_openings(actor), Registration.prove_by > now, Registration.state.in_(LIVE))
        .group_by(Opening.id, Opening.title)
        .order_by(func.min(Registration.prove_by))
        .limit(MOST)
    )
    return [
        Need(
            f"{plural(count, 'place')} held for {'an address' if count == 1 else 'addresses'} not shown to be theirs",
            f"/organise/openings/{opening_id}",
            f"{title}. Each lapses by itself unless its owner opens the link in the letter.",
            first,
            "Look",
            station="wait",
            by="time",
        )
        for opening_id, title, count, first in session.execute(statement)
    ]


def closing(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return openings whose registration closes within days."""
    statement = (
        select(Opening)
        .where(own_openings(actor), Opening.state == OpeningState.OPEN)
        .where(Opening.closes_at.between(now, now + CLOSING_WITHIN))
        .order_by(Opening.closes_at)
        .limit(MOST)
    )
    return [
        Need(
            f"Registration closes: {item.opening.title}",
            f"/organise/openings/{item.opening.id}",
            f"{item.words[:1].upper()}{item.words[1:]}. Close it or leave it open longer.",
            item.opening.closes_at,
            "Look",
            station="ahead",
            by="time",
        )
        for item in fillings(session, session.scalars(statement).all())
    ]


def unmarked(session: Session, actor: Actor, *, now: datetime) -> list[Need]:
    """Return events that are over, with people of whom nobody has said whether they came."""
    statement = (
        select(Opening.id, Event.title, Event.ends_at, func.count())
        .join(OpeningEvent, OpeningEvent.opening_id == Opening.id)
        .join(Event, Event.id == OpeningEvent.event_id)
        .join(Registration, Registration.opening_id == Opening.id)
        .join(Seat, and_(Seat.registration_id == Registration.id, Seat.event_id == Event.id))
        .where(own_openings(actor), Event.ends_at.between(now - MARK_WITHIN, now))
        .where(Event.state.in_(ANNOUNCED), Event.date_is_known, Event.is_archive.is_(False))
        .where(Seat.attendance == Attendance.UNKNOWN, HAS_CHAIR)
        .group_by(Opening.id, Event.id, Event.title, Event.ends_at)
        .order_by(Event.ends_at)
        .limit(MOST)
    )
    return [
        Need(
            f"Mark who came: {title}",
            f"/organise/openings/{opening_id}",
            f"It was on {short_date(ended)}; {plural(count, 'person', 'people')} not marked yet.",
            ended + timedelta(days=2),
            "Mark",
        )
        for opening_id, title, ended, count in session.execute(statement)
    ]


def upcoming(session: Session, actor: Actor, *, now: datetime) -> list[Filling]:
    """Return how full the open openings with a limit are, whose first event ahead is next."""
    first: Any = func.min(Event.starts_at)
    statement = (
        select(Opening)
        .join(OpeningEvent, OpeningEvent.opening_id == Opening.id)
        .join(Event, Event.id == OpeningEvent.event_id)
        .where(own_openings(actor), Opening.state == OpeningState.OPEN, Opening.capacity.is_not(None))
        .where(Event.ends_at > now, Event.state.in_(ANNOUNCED), Event.date_is_known)
        .group_by(Opening.id)
        .order_by(first, Opening.id)
        .limit(MOST)
    )
    return fillings(session, session.scalars(statement).all())
