"""Lists of events as lean rows: what a line shows, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, and_, func, select

from programme.engines.calendar.models import Event, Series, Venue
from programme.engines.calendar.queries.conditions import joined, matching
from programme.engines.calendar.sight import listed_to, series_named_to, visible_to
from programme.people.models import End, Organisation, Strand

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.filters import Filters
    from programme.engines.calendar.states import Audience, EventState
    from programme.people.permissions import Actor


class EventLine(NamedTuple):
    """One event in a list; whatever is drawn from it may be kept under it."""

    id: int
    title: str
    title_is_known: bool
    strand: Strand
    state: EventState
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    date_is_known: bool
    audience: Audience
    audience_note: str
    room: str
    room_capacity: int | None
    is_online: bool
    is_archive: bool
    part_of_id: int | None
    lead: str
    venue: str | None
    venue_end: End | None
    series_id: int | None
    series: str | None


def line_statement(actor: Actor) -> Select[Any]:
    """Return the columns of an EventLine, with venue, lead and whatever series may be named joined in."""
    is_named = and_(Series.id == Event.series_id, series_named_to(actor))
    event = Event
    return (
        select(event.id, event.title, event.title_is_known, event.strand, event.state, event.starts_at, event.ends_at)
        .add_columns(event.all_day, event.date_is_known, event.audience, event.audience_note, event.room)
        .add_columns(event.room_capacity, event.is_online, event.is_archive, event.part_of_id)
        .add_columns(Organisation.short_name, Venue.name, Venue.end, Series.id, Series.title)
        .join(Organisation, Organisation.id == Event.lead_organisation_id)
        .join(Venue, Venue.id == Event.venue_id, isouter=True)
        .join(Series, is_named, isouter=True)
    )


def lines(session: Session, statement: Select[Any]) -> list[EventLine]:
    """Run a statement made by `line_statement`."""
    return [EventLine(*row) for row in session.execute(statement)]


def listed(
    session: Session,
    *where: ColumnElement[bool],
    actor: Actor,
    filters: Filters,
    limit: int,
    offset: int = 0,
    backwards: bool = False,
) -> list[EventLine]:
    """Return what lists show to `actor`, by start and then by id; backwards the latest first."""
    order = (Event.starts_at.desc(), Event.id.desc()) if backwards else (Event.starts_at, Event.id)
    statement = line_statement(actor).where(listed_to(actor), *matching(filters, actor=actor), *where)
    return lines(session, statement.order_by(*order).limit(limit).offset(offset))


def parts_listed(session: Session, whole_ids: Collection[int], *, actor: Actor) -> list[EventLine]:
    """Return the parts of wholes that lists show to `actor`, by start and then by id."""
    statement = line_statement(actor).where(Event.part_of_id.in_(whole_ids), listed_to(actor))
    return lines(session, statement.order_by(Event.starts_at, Event.id))


def listed_count(session: Session, *where: ColumnElement[bool], actor: Actor, filters: Filters) -> int:
    """Count what lists show to `actor`."""
    statement = joined(select(func.count()).select_from(Event), filters)
    return session.scalar(statement.where(listed_to(actor), *matching(filters, actor=actor), *where)) or 0


def events_of_series(session: Session, series_id: int, *, actor: Actor) -> list[EventLine]:
    """Return every event of a series that `actor` may see, drafts of their own included, in order."""
    statement = line_statement(actor).where(Event.series_id == series_id, visible_to(actor))
    return lines(session, statement.order_by(Event.starts_at, Event.id))
