"""One person's calendars: what they have a place at, all that they may see, or what is open to their groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.feeds.blocks import Standing, blocks_for
from programme.engines.calendar.feeds.entries import Variant, entries_of
from programme.engines.calendar.feeds.feed import PAST_STAYS, gone_block, standing_columns, stays, with_blocks
from programme.engines.calendar.feeds.gone import withdrawn_since
from programme.engines.calendar.ical.block import entry_block, with_alarm
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.calendar.ical.entry import CANCELLED_STAYS
from programme.engines.calendar.models import Event
from programme.engines.calendar.ports import CalendarItem, Hold, Window
from programme.engines.calendar.sight import listed_to
from programme.engines.calendar.states import FeedPurpose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.feeds.blocks import Blocks
    from programme.engines.calendar.feeds.entries import Edition, Site
    from programme.engines.calendar.ical.entry import CalendarEntry
    from programme.engines.calendar.ports import CalendarSource, EntrySource
    from programme.people.permissions import Actor

VARIANTS = {
    Hold.OPEN: Variant.PUBLIC,
    Hold.FIRM: Variant.ADMITTED,
    Hold.OFFERED: Variant.OFFERED,
    Hold.WITHDRAWN: Variant.WITHDRAWN,
}
NAMES = {
    FeedPurpose.PLACES: "My programme",
    FeedPurpose.SEEN: "Everything I may see",
    FeedPurpose.GROUPS: "My groups",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which calendar of a person is asked for: who they are now, what it holds, and when it reminds."""

    reader: Actor
    purpose: FeedPurpose = FeedPurpose.PLACES
    alarm_minutes: int | None = None

    @property
    def person_id(self) -> int:
        """Return whose calendar it is."""
        return self.reader.person_id or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Who is asked: for what people hold, what is open to the groups that they are in, and days that are no events."""

    holding: Iterable[CalendarSource]
    grouping: Iterable[CalendarSource] = ()
    beside: Iterable[EntrySource] = ()


def personal_calendar(
    session: Session, wanted: Wanted, *, rooms: Rooms, edition: Edition, blocks: Blocks, now: datetime
) -> bytes:
    """Return a person's calendar, asked of every room that knows of events they have or may come to.

    What they may see is decided now, each time: not when the address was made.
    """
    window = Window(held_until=now - PAST_STAYS, withdrawn_until=now - CANCELLED_STAYS)
    theirs = of_groups(session, wanted, rooms, window)
    held = items_of(session, wanted, rooms.holding, window)
    items = {item.event_id: item for item in held if theirs is None or item.event_id in theirs}
    around = around_them(session, wanted, theirs, now=now)
    told = told_of(session, list(items.values()), around, edition=edition)
    beside = [one for one in around if one.event_id not in items]
    days = days_beside(session, wanted, rooms.beside, window, site=edition.site)
    whole = [*blocks_for(session, beside, blocks=blocks, edition=edition), *map(entry_block, (*told, *days))]
    if wanted.purpose is FeedPurpose.SEEN:
        lost = withdrawn_since(session, now - CANCELLED_STAYS)
        here = items.keys() | {one.event_id for one in around}  # for members alone now, and they are one
        whole += [gone_block(row, edition) for row in lost if row.event_id not in here]
    if wanted.alarm_minutes is not None:
        whole = [with_alarm(block, minutes=wanted.alarm_minutes) for block in whole]
    return calendar_bytes(whole, name=NAMES[wanted.purpose], description="Only for you: keep its address secret.")


def items_of(
    session: Session, wanted: Wanted, sources: Iterable[CalendarSource], window: Window
) -> Iterator[CalendarItem]:
    """Give what rooms say of the person."""
    for source in sources:
        yield from source.items(session, wanted.person_id, window)


def days_beside(
    session: Session, wanted: Wanted, sources: Iterable[EntrySource], window: Window, *, site: Site
) -> list[CalendarEntry]:
    """Return the days that belong to what somebody does with others: none in the calendar of their places alone."""
    if wanted.purpose is FeedPurpose.PLACES:
        return []
    return [entry for one in sources for entry in one.entries(session, wanted.person_id, window, site=site)]


def of_groups(session: Session, wanted: Wanted, rooms: Rooms, window: Window) -> frozenset[int] | None:
    """Return the events open to the person's groups, where the calendar holds those alone."""
    if wanted.purpose is not FeedPurpose.GROUPS:
        return None
    return frozenset(item.event_id for item in items_of(session, wanted, rooms.grouping, window))


def around_them(session: Session, wanted: Wanted, theirs: frozenset[int] | None, *, now: datetime) -> list[Standing]:
    """Return what the calendar holds besides one's places, in order of date: only what they may see listed now."""
    if wanted.purpose is FeedPurpose.PLACES:
        return []
    listed = with_blocks(select(Event.id, *standing_columns())).where(listed_to(wanted.reader), stays(now))
    rows = [Standing(*row) for row in session.execute(listed.order_by(Event.starts_at, Event.id))]
    return rows if theirs is None else [row for row in rows if row.event_id in theirs]


def told_of(
    session: Session, items: Sequence[CalendarItem], around: Sequence[Standing], *, edition: Edition
) -> list[CalendarEntry]:
    """Return the entries of what one holds or held, by date; what was given back is open to them as to anybody."""
    seen = {one.event_id for one in around}
    back = [
        replace(item, hold=Hold.OPEN) if item.hold is Hold.WITHDRAWN and item.event_id in seen else item
        for item in items
    ]
    entries = entries_for(session, back, site=edition.site)
    return sorted(entries, key=lambda entry: (str(entry.starts), entry.uid))


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
