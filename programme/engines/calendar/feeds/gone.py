"""Events that left the calendars of people: which feeds held them, and the bare entry that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.calendar.ical.entry import CANCELLED_STAYS, CalendarEntry, EntryStatus
from programme.engines.calendar.models import WithdrawnEvent
from programme.engines.calendar.queries.filters import ONLINE, words_of
from programme.engines.calendar.times import days_or_instants, london_day, start_of_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.filters import Filters

WITHDRAWN = "An event that was withdrawn"


def withdrawn_since(session: Session, first: datetime) -> Sequence[WithdrawnEvent]:
    """Return what public feeds held and lost, as far as it was to end after `first`."""
    lost = select(WithdrawnEvent).where(WithdrawnEvent.was_public, WithdrawnEvent.ends_at > first)
    return session.scalars(lost.order_by(WithdrawnEvent.event_id)).all()


def withdrawn_among(session: Session, ids: Sequence[int]) -> dict[int, WithdrawnEvent]:
    """Return those of the events that were withdrawn."""
    return {
        row.event_id: row for row in session.scalars(select(WithdrawnEvent).where(WithdrawnEvent.event_id.in_(ids)))
    }


def still_told(row: WithdrawnEvent, now: datetime) -> bool:
    """Whether feeds still say that it is gone: as long as they show what is cancelled."""
    return row.ends_at > now - CANCELLED_STAYS


def was_in(row: WithdrawnEvent, filters: Filters, *, series_id: int | None) -> bool:
    """Whether the feed of these filters, or of a series, held the event as it was announced."""
    told = row.told
    if series_id is not None and told["series"] != series_id:
        return False
    return fits(told, filters) and has_words(told, filters) and lies_between(row, filters)


def fits(told: Mapping[str, Any], filters: Filters) -> bool:
    """Whether the filters that ask for one value are met."""
    if filters.site and not (told["is_online"] if filters.site == ONLINE else told["site"] == filters.site):
        return False
    return (
        filters.strand in {None, told["strand"]}
        and filters.audience in {None, told["audience"]}
        and filters.focus in {"", *told["focus"]}
        and filters.university in {"", *told["universities"]}
    )


def has_words(told: Mapping[str, Any], filters: Filters) -> bool:
    """Whether each word of the search stood somewhere in what people could read."""
    return all(word in told["words"] for word in words_of(filters))


def lies_between(row: WithdrawnEvent, filters: Filters) -> bool:
    """Whether any of it was on the days asked for."""
    first, last = filters.first_day, filters.last_day
    starts_late = last is not None and london_day(row.starts_at) > last
    return not starts_late and (first is None or row.ends_at > start_of_day(first))


def gone_entry(row: WithdrawnEvent, uid: str) -> CalendarEntry:
    """Return the entry that takes the event out of a calendar, and tells nothing else of it."""
    starts, ends = days_or_instants(row.starts_at, row.ends_at, all_day=row.all_day)
    return CalendarEntry(
        uid=uid,
        sequence=row.sequence,
        last_changed=row.withdrawn_at,
        starts=starts,
        ends=ends,
        summary=WITHDRAWN,
        status=EntryStatus.CANCELLED,
    )
