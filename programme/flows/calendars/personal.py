"""One registration as a calendar file: its events under their own UIDs, and no secret: such files are passed on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.engines.calendar.feeds.entries import Site, Variant, entries_of
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.mail.queries import installation
from programme.engines.registration.plugs import ever_held
from programme.engines.registration.series.sitting import has_chair, is_admitted
from programme.engines.registration.states import LIVE, SeatState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from programme.engines.calendar.ical.entry import CalendarEntry
    from programme.engines.calendar.ports import CalendarItem
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration, Seat


def calendar_of(session: Session, registration: Registration, *, links: Links) -> bytes:
    """Return the registration's events: as held where there is a chair, as withdrawn what was given up or ended."""
    here = installation(session)
    site = Site(links.base_url, here.uid_host if here else "", terms(session))
    ever = ever_held(session, registration.person_id, [seat.event_id for seat in registration.seats])
    entries: list[CalendarEntry] = []
    for variant, seats in parted(registration).items():
        found = entries_of(session, [seat.event_id for seat in seats], site=site, variant=variant)
        entries += [as_held(found[seat.event_id], seat, ever) for seat in seats if seat.event_id in found]
    return calendar_bytes(map(entry_block, entries), method="PUBLISH")


def parted(registration: Registration) -> dict[Variant, list[Seat]]:
    """Return the chairs taken, those offered, and those to be taken out: all that ended, and the weeks given up.

    A chair that the place came without was never in their calendar, so nothing is taken out.
    """
    seats, is_live = registration.seats, registration.state in LIVE
    taken = [seat for seat in seats if is_admitted(seat)]
    offered = [seat for seat in seats if has_chair(seat) and not is_admitted(seat)]
    given_up = [seat for seat in seats if seat.state is SeatState.SKIPPED and seat.revision > 0]
    return {
        Variant.ADMITTED: taken,
        Variant.OFFERED: offered,
        Variant.WITHDRAWN: given_up if is_live else list(seats),
    }


def as_held(entry: CalendarEntry, seat: Seat, ever: Mapping[int, CalendarItem]) -> CalendarEntry:
    """Return the entry as this person has it.

    SEQUENCE is the event's plus the revisions of every chair they ever had there, in this registration or another: so
    it never falls, whoever changed what, and their own feed says the same.
    """
    item = ever.get(seat.event_id)
    revision, changed = (item.revision, item.changed_at) if item else (seat.revision, seat.changed_at)
    return replace(entry, sequence=entry.sequence + revision, last_changed=max(entry.last_changed, changed))
