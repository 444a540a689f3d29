"""What clashes, for the letter that brings a place: to the person's own address only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.states import SeatState
from programme.flows.clashing.finding import clashes_of
from programme.flows.clashing.words import Warned, Warnings, warnings_of
from programme.people.affiliations import address_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.ports import CalendarSource
    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.models import Registration

NO_WARNINGS = Warnings()
EXAMPLE = Warnings(
    (
        Warned(
            kind="bad",
            head="You cannot do both",
            title="Synchrotron data school",
            path="/events/synchrotron-data-school-2",
            sentence="“Synchrotron data school” ends 12:00 GMT at Harwell on Tuesday 16 February, “Quantum sensing for"
            " chemists” begins 14:00 GMT in Liverpool: 2 h between, 4 h 05 needed at the least.",
            way_out="",
        ),
    )
)


def clashes_for(
    session: Session,
    registration: Registration,
    message: OutboxMessage,
    *,
    sources: Sequence[CalendarSource],
    now: datetime,
) -> Warnings:
    """Return what clashes with a place that was given, for the person's own address only."""
    person = registration.person
    if person is None or address_key(message.recipient) != person.address_key:
        return NO_WARNINGS
    events = [seat.event for seat in registration.seats if seat.state is not SeatState.SKIPPED]
    return warnings_of(clashes_of(session, person.id, events, sources=sources, now=now))
