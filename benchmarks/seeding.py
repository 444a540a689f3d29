"""Data to measure with: thousands of invented events, and an opening to race for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from programme.core import clock
from programme.engines.calendar.models import Event, Series, Venue
from programme.engines.calendar.states import EventState, Visibility
from programme.engines.registration.models import Opening
from programme.engines.registration.states import OpeningState
from programme.people.models import Organisation
from programme.people.states import Strand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STRANDS = list(Strand)
SUBJECTS = ("Surfaces", "Vaccines", "Neurons", "Catalysts", "Archives", "Beamlines", "Batteries", "Genomes")
FORMS = ("seminar", "workshop", "public lecture", "briefing", "clinic", "colloquium")
EVENTS_A_DAY = 10


def events(session: Session, count: int) -> None:
    """Add `count` public events over the days to come, in 100 series, at every known venue."""
    now = clock.now()
    leads = list(session.scalars(select(Organisation.id).where(Organisation.slug.in_(["liverpool", "oxford"]))))
    venues = list(session.scalars(select(Venue.id)))
    series = [
        Series(title=f"Measured series {n}", strand=STRANDS[n % 4], lead_organisation_id=leads[n % 2], created_at=now)
        for n in range(100)
    ]
    session.add_all(series)
    session.flush()
    rows = [event_row(n, now=now, leads=leads, venues=venues, series=series) for n in range(count)]
    session.execute(insert(Event), rows)


def event_row(
    number: int, *, now: datetime, leads: list[int], venues: list[int], series: list[Series]
) -> dict[str, object]:
    """Return one event as a row."""
    day = now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1 + number // EVENTS_A_DAY)
    starts = day + timedelta(hours=number % EVENTS_A_DAY)
    return {
        "title": f"{SUBJECTS[number % 8]}: the {number}th {FORMS[number % 6]}",
        "summary": "What is known, what is not, and what two universities can do about it together.",
        "description": "An invented event for measuring. " * 12,
        "strand": STRANDS[number % 4],
        "state": EventState.PUBLISHED,
        "visibility": Visibility.PUBLIC,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "venue_id": venues[number % len(venues)],
        "lead_organisation_id": leads[number % 2],
        "series_id": series[number % 100].id,
        "focus_areas": ["chemistry"],
        "created_at": now,
        "changed_at": now,
        "published_at": now,
    }


def opening(session: Session, *, capacity: int | None) -> tuple[int, int]:
    """Open registration for the first event; returns (event id, opening id)."""
    first = session.scalars(select(Event).order_by(Event.id).limit(1)).one()
    row = Opening(
        title=first.title,
        strand=first.strand,
        state=OpeningState.OPEN,
        capacity=capacity,
        lead_organisation_id=first.lead_organisation_id,
        created_at=clock.now(),
        events=[first],
    )
    session.add(row)
    session.flush()
    return first.id, row.id
