"""Events, series, openings and registrations as tests need them; each flushes, none commits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.states import OpeningState, RegistrationState
from programme.people.models import Organisation, Person, Strand
from tests.factories.cast import LONG_AGO

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SOON = datetime(2027, 2, 16, 14, 0, tzinfo=UTC)


def event(session: Session, *, lead: Organisation, title: str = "Quantum sensing for chemists", **given: Any) -> Event:
    """Add a published public exchange event of an hour, unless told otherwise."""
    starts = given.pop("starts_at", SOON)
    values: dict[str, Any] = {
        "strand": Strand.EXCHANGE,
        "state": EventState.PUBLISHED,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "lead_organisation_id": lead.id,
        "created_at": LONG_AGO,
        "changed_at": LONG_AGO,
        "published_at": LONG_AGO,
        **given,
    }
    row = Event(title=title, **values)
    session.add(row)
    session.flush()
    return row


def series(session: Session, *, lead: Organisation, title: str = "Corridor colloquium", **given: Any) -> Series:
    """Add a public series."""
    row = Series(
        **{"strand": Strand.EXCHANGE, "lead_organisation_id": lead.id, "created_at": LONG_AGO, **given}, title=title
    )
    session.add(row)
    session.flush()
    return row


def opening(session: Session, *, events: list[Event], capacity: int | None = 20, **given: Any) -> Opening:
    """Add an open opening for `events`, led by the first one's lead."""
    first = events[0]
    values: dict[str, Any] = {
        "title": first.title,
        "strand": first.strand,
        "state": OpeningState.OPEN,
        "lead_organisation_id": first.lead_organisation_id,
        "created_at": LONG_AGO,
        **given,
    }
    row = Opening(capacity=capacity, events=events, **values)
    session.add(row)
    session.flush()
    return row


def registration(
    session: Session,
    *,
    to: Opening,
    who: Person,
    state: RegistrationState = RegistrationState.CONFIRMED,
    **given: Any,
) -> Registration:
    """Add a registration in `state` directly (for pages; states in stories come about through verbs)."""
    row = Registration(
        opening_id=to.id,
        person_id=who.id,
        **{
            "name": who.name,
            "address": who.address,
            "joined_at": LONG_AGO,
            "confirmed_at": LONG_AGO if state is RegistrationState.CONFIRMED else None,
            **given,
        },
        state=state,
    )
    row.seats = [Seat(event_id=item.id, changed_at=LONG_AGO) for item in to.events]
    session.add(row)
    session.flush()
    return row
