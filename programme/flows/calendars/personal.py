"""One registration as a calendar file: its events under their own UIDs, and no secret: such files are passed on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.engines.calendar.feeds.entries import Variant, entries_of, site_for
from programme.engines.calendar.feeds.personal import VARIANTS
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.registration.plugs import ever_held
from programme.engines.registration.series.sitting import has_chair, is_admitted
from programme.engines.registration.states import LIVE, RegistrationState, SeatState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from programme.engines.calendar.ical.entry import CalendarEntry
    from programme.engines.calendar.models import Event
    from programme.engines.calendar.ports import CalendarItem
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration, Seat


def calendar_of(session: Session, registration: Registration, *, links: Links) -> bytes:
    """Return the registration's events as a file: as held where there is a chair, withdrawn what was given up."""
    return calendar_bytes(map(entry_block, entries_for(session, registration, links=links)), method="PUBLISH")


def entries_for(session: Session, registration: Registration, *, links: Links) -> list[CalendarEntry]:
    """Return the registration's events: as held where there is a chair, as withdrawn what was given up or ended."""
    site = site_for(session, base_url=links.base_url)
    ever = ever_held(session, registration.person_id, [seat.event_id for seat in registration.seats])
    entries: list[CalendarEntry] = []
    for variant, seats in parted(registration, ever).items():
        ids = [seat.event_id for seat in seats]
        found = entries_of(session, ids, site=site, variant=variant) if ids else {}
        entries += [as_held(found[seat.event_id], seat, ever) for seat in seats if seat.event_id in found]
    return entries


def entry_for(session: Session, event: Event, registration: Registration, *, links: Links) -> CalendarEntry:
    """Return one event as somebody has it by a registration, who has a place at it."""
    seat = next((seat for seat in registration.seats if seat.event_id == event.id), None)
    has_taken = registration.state is RegistrationState.CONFIRMED if seat is None else is_admitted(seat)
    variant = Variant.ADMITTED if has_taken else Variant.OFFERED
    entry = entries_of(session, [event.id], site=site_for(session, base_url=links.base_url), variant=variant)[event.id]
    return as_held(entry, seat, ever_held(session, registration.person_id, [event.id])) if seat else entry


def parted(registration: Registration, ever: Mapping[int, CalendarItem]) -> dict[Variant, list[Seat]]:
    """Return the chairs taken, those offered, and those to be taken out: all that ended, and the weeks given up.

    A chair that the place came without was never in their calendar, so nothing is taken out. Nor is anything of an
    event at which the same person has another chair: it stays as they have it there.
    """
    seats, is_live = registration.seats, registration.state in LIVE
    given_up = [seat for seat in seats if seat.state is SeatState.SKIPPED and seat.revision > 0] if is_live else seats
    found: dict[Variant, list[Seat]] = {
        Variant.ADMITTED: [seat for seat in seats if is_admitted(seat)],
        Variant.OFFERED: [seat for seat in seats if has_chair(seat) and not is_admitted(seat)],
        Variant.WITHDRAWN: [],
    }
    for seat in given_up:
        item = ever.get(seat.event_id)
        found[VARIANTS[item.hold] if item else Variant.WITHDRAWN].append(seat)
    return found


def as_held(entry: CalendarEntry, seat: Seat, ever: Mapping[int, CalendarItem]) -> CalendarEntry:
    """Return the entry as this person has it.

    SEQUENCE is the event's plus the revisions of every chair they ever had there, in this registration or another: so
    it never falls, whoever changed what, and their own feed says the same.
    """
    item = ever.get(seat.event_id)
    revision, changed = (item.revision, item.changed_at) if item else (seat.revision, seat.changed_at)
    return replace(entry, sequence=entry.sequence + revision, last_changed=max(entry.last_changed, changed))
