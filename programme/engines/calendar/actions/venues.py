"""Venues: adding and changing places and what is known of the way in."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core import audit
from programme.engines.calendar.feeds.renewing import renew
from programme.engines.calendar.models import Event, Venue

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.people.states import End


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDetails:
    """What is known of a place; `access` by the keys of ACCESS_FACTS, absent where nothing is known."""

    name: str
    site: str = ""
    end: End | None = None
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access: dict[str, str] = field(default_factory=dict)


def add(session: Session, details: VenueDetails, *, actor: Actor, now: datetime) -> Venue:
    """Add a place that all may use."""
    venue = Venue(**asdict(details))
    session.add(venue)
    session.flush()
    note(session, venue, "venue added", actor=actor, now=now)
    return venue


def edit(session: Session, venue: Venue, details: VenueDetails, *, actor: Actor, now: datetime) -> Venue:
    """Change a place; the events held there get a new version, as their pages and calendars show it."""
    for name, value in asdict(details).items():
        setattr(venue, name, value)
    raised = update(Event).where(Event.venue_id == venue.id).values(version=Event.version + 1)
    session.execute(raised, execution_options={"synchronize_session": False})
    session.flush()
    note(session, venue, "venue edited", actor=actor, now=now)
    renew(session, session.scalars(select(Event.id).where(Event.venue_id == venue.id)).all())
    return venue


def note(session: Session, venue: Venue, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write an act upon a place into the trail."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("venue", venue.id),
        now=now,
        organisation_id=venue.organisation_id,
        after={"name": venue.name},
    )
