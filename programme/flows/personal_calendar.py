"""One registration as a calendar file: its events under their own UIDs, and no secret: such files are passed on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.engines.calendar.feeds.entries import Site, Variant, entries_of
from programme.engines.calendar.ical import calendar_bytes, entry_block
from programme.engines.calendar.term_dates import terms
from programme.engines.mail.queries import installation
from programme.engines.registration.states import HOLDING, SeatState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.calendar.ical import CalendarEntry
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration, Seat


def calendar_of(session: Session, registration: Registration, *, links: Links) -> bytes:
    """Return the registration's events: as held while it holds a place, else as withdrawn.

    SEQUENCE is the event's plus the seat's revision, so that it never falls whoever changed what.
    """
    here = installation(session)
    site = Site(links.base_url, here.uid_host if here else "", terms(session))
    holds = registration.state in HOLDING
    seats = [seat for seat in registration.seats if not holds or seat.state is SeatState.HELD]
    variant = Variant.ADMITTED if holds else Variant.WITHDRAWN
    found = entries_of(session, [seat.event_id for seat in seats], site=site, variant=variant)
    entries = [as_held(found[seat.event_id], seat) for seat in seats if seat.event_id in found]
    return calendar_bytes(map(entry_block, entries), method="PUBLISH")


def as_held(entry: CalendarEntry, seat: Seat) -> CalendarEntry:
    """Return the entry as this person has it."""
    changed = max(entry.last_changed, seat.changed_at)
    return replace(entry, sequence=entry.sequence + seat.revision, last_changed=changed)
