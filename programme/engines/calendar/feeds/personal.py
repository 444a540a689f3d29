"""One person's calendar: what they have a place at, what is offered, and what they gave back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.engines.calendar.feeds.entries import Variant, entries_of
from programme.engines.calendar.feeds.feed import PAST_STAYS
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.calendar.ical.entry import CANCELLED_STAYS
from programme.engines.calendar.ports import CalendarItem, Hold, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.feeds.entries import Site
    from programme.engines.calendar.ical.entry import CalendarEntry
    from programme.engines.calendar.ports import CalendarSource

VARIANTS = {Hold.FIRM: Variant.ADMITTED, Hold.OFFERED: Variant.OFFERED, Hold.WITHDRAWN: Variant.WITHDRAWN}


def personal_calendar(
    session: Session, person_id: int, *, sources: Iterable[CalendarSource], site: Site, name: str, now: datetime
) -> bytes:
    """Return the person's calendar, asked of every room that knows of events they have."""
    window = Window(held_until=now - PAST_STAYS, withdrawn_until=now - CANCELLED_STAYS)
    items = [item for source in sources for item in source.items(session, person_id, window)]
    entries = sorted(entries_for(session, items, site=site), key=lambda entry: (str(entry.starts), entry.uid))
    return calendar_bytes(map(entry_block, entries), name=name, description="Only for you: keep its address secret.")


def entries_for(session: Session, items: Sequence[CalendarItem], *, site: Site) -> Iterable[CalendarEntry]:
    """Return an entry for each item, its SEQUENCE raised by the item's revision."""
    for hold, variant in VARIANTS.items():
        some = {item.event_id: item for item in items if item.hold is hold}
        found = entries_of(session, sorted(some), site=site, variant=variant)
        for event_id, entry in found.items():
            yield as_held(entry, some[event_id])


def as_held(entry: CalendarEntry, item: CalendarItem) -> CalendarEntry:
    """Return the entry as this person has it."""
    changed = max(entry.last_changed, item.changed_at)
    return replace(entry, sequence=entry.sequence + item.revision, last_changed=changed)
