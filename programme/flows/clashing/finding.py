"""What of somebody's own calendar clashes with certain events: a warning for themselves, never a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.calendar.clashes.rule import Stay, clashes
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.ports import Hold, Window
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.calendar.travel.queries import ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.clashes.rule import Clash
    from programme.engines.calendar.ports import CalendarSource


def clashes_of(
    session: Session, person_id: int, events: Iterable[Event], *, sources: Iterable[CalendarSource], now: datetime
) -> list[Clash]:
    """Return what of a person's calendar clashes with `events`, in two statements and one for each source.

    What is over, or has no date, clashes with nothing; nor does what the person merely waits for.
    """
    wanted = [stay_of(event) for event in events if lies_ahead(event, now)]
    if not wanted:
        return []
    known = ways(session)
    first, last = (
        min(one.starts_at for one in wanted) - known.longest,
        max(one.ends_at for one in wanted) + known.longest,
    )
    window = Window(held_until=first, withdrawn_until=last)
    items = [item for source in sources for item in source.items(session, person_id, window)]
    theirs = {item.event_id for item in items if item.hold is not Hold.WITHDRAWN} - {one.event_id for one in wanted}
    had = had_between(session, sorted(theirs), first, last) if theirs else ()
    return clashes(wanted, [stay_of(event) for event in had if lies_ahead(event, now)], known)


def lies_ahead(event: Event, now: datetime) -> bool:
    """Whether an event takes place at a time that is known, and is not over."""
    return event.state in ANNOUNCED and event.date_is_known and event.ends_at > now


def had_between(session: Session, event_ids: Sequence[int], first: datetime, last: datetime) -> Sequence[Event]:
    """Return those of some events that touch a stretch of time, with their venues, in one query."""
    touching = select(Event).where(Event.id.in_(event_ids), Event.starts_at < last, Event.ends_at > first)
    return session.scalars(touching.options(joinedload(Event.venue))).all()


def stay_of(event: Event) -> Stay:
    """Return an event as the rule of clashes reads it; what is held in a room besides being online is held there."""
    venue = event.venue
    return Stay(
        event_id=event.id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        title=shown_title(event.title, is_known=event.title_is_known),
        site=venue.site if venue else "",
        venue_id=event.venue_id,
        place=venue.name if venue else "",
        is_online=event.is_online,
        all_day=event.all_day,
        part_of_id=event.part_of_id,
    )
