"""Lists of series: those with feeds, and every series with its dates in sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, and_, case, func, or_, select

from programme.engines.calendar.models import Event, Series, SeriesCoOwner
from programme.engines.calendar.queries.conditions import is_whole
from programme.engines.calendar.queries.filters import words_of
from programme.engines.calendar.queries.lists import EventLine, line_statement, lines
from programme.engines.calendar.sight import ANNOUNCED, listed_to, series_named_to
from programme.engines.calendar.states import Visibility
from programme.people.models import End, Organisation
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.filters import Filters
    from programme.people.permissions import Actor
    from programme.people.states import Strand

MOST_SERIES = 200


class SeriesLine(NamedTuple):
    """One series in a list: `ahead` and `past` count its events that take place; `next_at` is the first to come."""

    id: int
    title: str
    strand: Strand
    visibility: Visibility
    lead: str
    lead_end: End | None
    ahead: int
    past: int
    next_at: datetime | None
    last_at: datetime | None


def series_with_dates(session: Session, *, now: datetime) -> list[tuple[int, str]]:
    """Return (id, title) of the public series that have something ahead, by title."""
    ahead = select(Event.series_id).where(Event.ends_at > now, Event.series_id.is_not(None), listed_to(NOBODY))
    statement = (
        select(Series.id, Series.title)
        .where(Series.visibility == Visibility.PUBLIC, Series.id.in_(ahead))
        .order_by(Series.title, Series.id)
        .limit(MOST_SERIES)
    )
    return [(series_id, title) for series_id, title in session.execute(statement)]


def listed_series(
    session: Session, *, actor: Actor, filters: Filters, now: datetime, limit: int, offset: int
) -> list[SeriesLine]:
    """Return the series that `actor` may see, as far as the filters ask: the next date first, then the latest past."""
    runs = runs_seen(actor, now).subquery()
    statement = (
        select(Series.id, Series.title, Series.strand, Series.visibility, Organisation.short_name, Organisation.end)
        .add_columns(runs.c.ahead, runs.c.past, runs.c.next_at, runs.c.last_at)
        .join(runs, runs.c.series_id == Series.id)
        .join(Organisation, Organisation.id == Series.lead_organisation_id)
        .where(*asked_for(filters, actor))
        .order_by(runs.c.next_at.is_(None), runs.c.next_at, runs.c.last_at.desc(), Series.id)
    )
    return [SeriesLine(*row) for row in session.execute(statement.limit(limit).offset(offset))]


def listed_series_count(session: Session, *, actor: Actor, filters: Filters, now: datetime) -> int:
    """Count the series that `actor` may see, as far as the filters ask."""
    seen = select(runs_seen(actor, now).subquery().c.series_id)
    return session.scalar(select(func.count(Series.id)).where(Series.id.in_(seen), *asked_for(filters, actor))) or 0


def runs_seen(actor: Actor, now: datetime) -> Select[Any]:
    """Count the events of each series that lists show to `actor`; what is called off has no date."""
    takes_place = and_(Event.state.in_(ANNOUNCED), Event.date_is_known)
    ahead, past = and_(takes_place, Event.ends_at > now), and_(takes_place, Event.ends_at <= now)
    return (
        select(Event.series_id)
        .add_columns(
            func.sum(case((ahead, 1), else_=0)).label("ahead"), func.sum(case((past, 1), else_=0)).label("past")
        )
        .add_columns(func.min(case((ahead, Event.starts_at))).label("next_at"))
        .add_columns(func.max(case((past, Event.starts_at))).label("last_at"))
        .where(Event.series_id.is_not(None), is_whole(), listed_to(actor))
        .group_by(Event.series_id)
    )


def asked_for(filters: Filters, actor: Actor) -> Iterator[ColumnElement[bool]]:
    """Return what a series must fulfil; every word of a search stands in its title or its description."""
    yield series_named_to(actor)
    if filters.strand:
        yield Series.strand == filters.strand
    if filters.university:
        wanted = select(Organisation.id).where(Organisation.slug == filters.university).scalar_subquery()
        shared = select(SeriesCoOwner.series_id).where(SeriesCoOwner.organisation_id == wanted)
        yield or_(Series.lead_organisation_id == wanted, Series.id.in_(shared))
    for word in words_of(filters):
        yield or_(Series.title.icontains(word, autoescape=True), Series.description.icontains(word, autoescape=True))


def next_events(session: Session, found: Collection[SeriesLine], *, actor: Actor) -> dict[int, EventLine]:
    """Return the next event of each series."""
    starts = {row.id: row.next_at for row in found if row.next_at is not None}
    wanted = (Event.series_id.in_(starts), Event.starts_at.in_(set(starts.values())), is_whole(), listed_to(actor))
    statement = line_statement(actor).where(*wanted, Event.state.in_(ANNOUNCED), Event.date_is_known)
    rows = lines(session, statement.order_by(Event.id.desc())) if starts else []
    return {row.series_id: row for row in rows if row.series_id and row.starts_at == starts[row.series_id]}


def sharers_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return who shares each series with its lead, by short name."""
    statement = (
        select(SeriesCoOwner.series_id, Organisation.short_name)
        .join(Organisation, Organisation.id == SeriesCoOwner.organisation_id)
        .where(SeriesCoOwner.series_id.in_(ids))
        .order_by(Organisation.position)
    )
    found: dict[int, list[str]] = {}
    for series_id, name in session.execute(statement):
        found.setdefault(series_id, []).append(name)
    return found
