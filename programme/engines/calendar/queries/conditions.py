"""Filters and windows of time as conditions of a query."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Text, and_, cast, func, or_, select

from programme.engines.calendar.models import Contribution, Event, EventCoOwner, Series, Venue
from programme.engines.calendar.queries.filters import ONLINE, Filters, words_of
from programme.engines.calendar.sight import series_named_to
from programme.engines.calendar.times import start_of_day
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from programme.people.permissions import Actor

ESCAPE = "\\"


def matching(filters: Filters, *, actor: Actor) -> list[ColumnElement[bool]]:
    """Return what an event must fulfil; the statement has venue and series joined in."""
    return [*plain_conditions(filters), *date_conditions(filters), *word_conditions(filters, actor)]


def joined(statement: Select[Any], filters: Filters) -> Select[Any]:
    """Join in what the filters look into, and nothing else: counts need no venue and no series."""
    if filters.site or filters.words:
        statement = statement.join(Venue, Venue.id == Event.venue_id, isouter=True)
    return statement.join(Series, Series.id == Event.series_id, isouter=True) if filters.words else statement


def plain_conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Return a condition for each filter that asks for one value."""
    if filters.strand:
        yield Event.strand == filters.strand
    if filters.audience:
        yield Event.audience == filters.audience
    if filters.focus:
        yield cast(Event.focus_areas, Text).contains(f'"{filters.focus}"', autoescape=True)
    if filters.site:
        yield Event.is_online.is_(True) if filters.site == ONLINE else Venue.site == filters.site
    if filters.university:
        yield run_by_slug(filters.university)


def run_by_slug(slug: str) -> ColumnElement[bool]:
    """Whether the organisation leads the event or shares it."""
    wanted = select(Organisation.id).where(Organisation.slug == slug).scalar_subquery()
    shares = select(EventCoOwner.event_id).where(EventCoOwner.organisation_id == wanted)
    return or_(Event.lead_organisation_id == wanted, Event.id.in_(shares))


def date_conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Return the days asked for, in London's days, both included."""
    if filters.first_day:
        yield Event.ends_at > start_of_day(filters.first_day)
    if filters.last_day:
        yield Event.starts_at < start_of_day(filters.last_day + timedelta(days=1))


def word_conditions(filters: Filters, actor: Actor) -> Iterator[ColumnElement[bool]]:
    """Return one condition for each word: it stands somewhere in what people may read."""
    for word in words_of(filters):
        pattern = f"%{word.replace(ESCAPE, ESCAPE * 2).replace('%', ESCAPE + '%').replace('_', ESCAPE + '_')}%"
        speaks = select(Contribution.event_id).where(Contribution.name.ilike(pattern, escape=ESCAPE))
        yield or_(
            and_(Event.title_is_known, Event.title.ilike(pattern, escape=ESCAPE)),
            Event.summary.ilike(pattern, escape=ESCAPE),
            Event.description.ilike(pattern, escape=ESCAPE),
            Event.room.ilike(pattern, escape=ESCAPE),
            Venue.name.ilike(pattern, escape=ESCAPE),
            and_(series_named_to(actor), Series.title.ilike(pattern, escape=ESCAPE)),
            Event.id.in_(speaks),
        )


def within(first: datetime, last: datetime) -> ColumnElement[bool]:
    """Whether any of the event lies in a stretch of time, `last` excluded."""
    return and_(Event.ends_at > first, Event.starts_at < last)


def is_whole() -> ColumnElement[bool]:
    """Whether the event is no part of another; written so that the planner does not look for parts first."""
    return func.coalesce(Event.part_of_id, 0) == 0
