"""What the page of one event or one series shows, in few queries whatever their size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.queries.lists import EventLine, line_statement, lines
from programme.engines.calendar.sight import visible_to

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, ScalarSelect
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an event: its parts in order, and its neighbours in the series."""

    parts: tuple[EventLine, ...]
    before: EventLine | None
    after: EventLine | None


def event_with_everything(session: Session, event_id: int) -> Event | None:
    """Return an event with venue, owners, people, materials and what it belongs to: four queries."""
    statement = (
        select(Event)
        .where(Event.id == event_id)
        .options(
            joinedload(Event.venue),
            joinedload(Event.lead_organisation),
            joinedload(Event.series),
            joinedload(Event.part_of),
            selectinload(Event.co_owners),
            selectinload(Event.contributions),
            selectinload(Event.materials),
        )
    )
    return session.scalar(statement)


def around(session: Session, event: Event, *, actor: Actor) -> Around:
    """Return the parts of an event and its neighbours, as far as `actor` may see them: one query."""
    wanted = [Event.part_of_id == event.id]
    if event.series_id is not None:
        wanted += [Event.id == neighbour(event, actor, later=later) for later in (False, True)]
    found = lines(
        session, line_statement(actor).where(or_(*wanted), visible_to(actor)).order_by(Event.starts_at, Event.id)
    )
    place = (event.starts_at, event.id)
    beside = [line for line in found if line.part_of_id != event.id]
    return Around(
        parts=tuple(line for line in found if line.part_of_id == event.id),
        before=next((line for line in beside if (line.starts_at, line.id) < place), None),
        after=next((line for line in beside if (line.starts_at, line.id) > place), None),
    )


def neighbour(event: Event, actor: Actor, *, later: bool) -> ScalarSelect[Any]:
    """Return the id of the next event of the series, or of the one before."""
    order = (Event.starts_at, Event.id) if later else (Event.starts_at.desc(), Event.id.desc())
    is_whole = Event.part_of_id.is_(None)
    mine = and_(Event.series_id == event.series_id, Event.id != event.id, is_whole, visible_to(actor))
    return select(Event.id).where(mine, beyond(event, later=later)).order_by(*order).limit(1).scalar_subquery()


def beyond(event: Event, *, later: bool) -> ColumnElement[bool]:
    """Whether an event lies after (or before) `event`, by start and then by id."""
    same = Event.starts_at == event.starts_at
    if later:
        return or_(Event.starts_at > event.starts_at, and_(same, Event.id > event.id))
    return or_(Event.starts_at < event.starts_at, and_(same, Event.id < event.id))


def series_with_owners(session: Session, series_id: int) -> Series | None:
    """Return a series with those who run it."""
    statement = (
        select(Series)
        .where(Series.id == series_id)
        .options(joinedload(Series.lead_organisation), selectinload(Series.co_owners))
    )
    return session.scalar(statement)
