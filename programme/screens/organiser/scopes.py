"""From the id in an address to the scope that the permission table asks about; None where there is no such thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar import sight
from programme.engines.calendar.models import AcademicPeriod, Event, Series, Venue
from programme.people.models import Organisation
from programme.people.permissions import Scope

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOBODY_LEADS = 0


def of_event(session: Session, event_id: int, **rest: object) -> Scope | None:
    """Return the scope of an event."""
    del rest
    event = session.get(Event, event_id)
    return sight.event_scope(event) if event else None


def of_series(session: Session, series_id: int, **rest: object) -> Scope | None:
    """Return the scope of a series."""
    del rest
    series = session.get(Series, series_id)
    return sight.series_scope(series) if series else None


def of_period(session: Session, period_id: int) -> Scope | None:
    """Return the scope of term dates: their university's."""
    period = session.get(AcademicPeriod, period_id)
    return Scope(lead=period.organisation_id) if period else None


def of_venue(session: Session, venue_id: int) -> Scope | None:
    """Return the scope of a venue: its owner's; a place that nobody owns belongs to all."""
    venue = session.get(Venue, venue_id)
    if venue is None:
        return None
    return Scope(lead=venue.organisation_id) if venue.organisation_id else of_all(session)


def of_all(session: Session) -> Scope:
    """Return the scope of what all organisations share."""
    return Scope(lead=NOBODY_LEADS, co_owners=frozenset(session.scalars(select(Organisation.id))))
