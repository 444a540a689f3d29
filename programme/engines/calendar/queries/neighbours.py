"""What else is on near some events: whatever shares a room, a speaker, a whole or a series with one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, exists, false, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from programme.engines.calendar.models import Contribution, Event
from programme.engines.calendar.sight import announced, visible_to
from programme.engines.calendar.states import EventState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.warnings.values import Scheduled
    from programme.people.permissions import Actor

MOST_NEAR = 500
LOADED = (
    joinedload(Event.venue),
    joinedload(Event.series),
    selectinload(Event.contributions),
    defer(Event.description),
)


class Near(NamedTuple):
    """An event that is on nearby, and whether the reader may see it."""

    event: Event
    is_seen: bool


def near(
    session: Session, events: Sequence[Scheduled], *, within: timedelta, actor: Actor, also: Collection[int] = ()
) -> list[Near]:
    """Return what is on no further than `within` from some events and has to do with one of them, or is of `also`.

    Two statements, of `MOST_NEAR` rows at most. What the reader may not see is left out, but where it has been
    announced and takes a room: then they may know that the room is taken. Drafts of others are nobody's business.
    """
    if not events:
        return []
    seen = visible_to(actor)
    shares = or_(has_venue(events), has_speaker(events), has_whole(events), Event.id.in_(also) if also else false())
    taken = and_(announced(), Event.room != "", has_venue(events))
    statement = (
        select(Event, seen.label("is_seen"))
        .where(on_near(events, within), Event.state != EventState.CANCELLED, Event.date_is_known, shares)
        .where(or_(seen, taken))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_NEAR)
    )
    return [Near(row[0], bool(row[1])) for row in session.execute(statement.options(*LOADED)).all()]


def on_near(events: Sequence[Scheduled], within: timedelta) -> ColumnElement[bool]:
    """Whether an event is on so near to one of some."""
    spans = stretches([(one.stay.starts_at - within, one.stay.ends_at + within) for one in events])
    return or_(*(and_(Event.starts_at < last, Event.ends_at > first) for first, last in spans))


def stretches(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return stretches of time in order, those that touch made one."""
    found: list[tuple[datetime, datetime]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def has_venue(events: Sequence[Scheduled]) -> ColumnElement[bool]:
    """Whether an event is where one of some is, by venue: rooms are compared by their words afterwards."""
    venues = {one.stay.venue_id for one in events if one.room and one.stay.venue_id is not None}
    return Event.venue_id.in_(venues) if venues else false()


def has_speaker(events: Sequence[Scheduled]) -> ColumnElement[bool]:
    """Whether somebody is on the programme of an event who is on that of one of some."""
    people = {who.person_id for one in events for who in one.speakers if who.person_id is not None}
    names = {who.name.lower() for one in events for who in one.speakers}
    if not names:
        return false()
    same = or_(func.lower(Contribution.name).in_(names), Contribution.person_id.in_(people) if people else false())
    return exists().where(Contribution.event_id == Event.id, same)


def has_whole(events: Sequence[Scheduled]) -> ColumnElement[bool]:
    """Whether an event is a part of what one of some is a part of, or of its series."""
    wholes = {one.stay.part_of_id for one in events if one.stay.part_of_id is not None}
    series = {one.series_id for one in events if one.series_id is not None}
    return or_(Event.part_of_id.in_(wholes) if wholes else false(), Event.series_id.in_(series) if series else false())


def with_all(ids: Collection[int]) -> Select[Any]:
    """Return the statement of events by their ids, with what warnings read of them."""
    return select(Event).where(Event.id.in_(ids)).options(*LOADED)
