"""What the organisers' pages of series read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar import sight
from programme.engines.calendar.models import Event, Series, SeriesCoOwner
from programme.engines.calendar.states import EventState
from programme.people.models import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor, Grant


def listed(actor: Actor, words: str) -> Select[Any]:
    """Return the series whose drafts `actor` may see, by title."""
    statement = select(Series).where(or_(false(), *[under(grant) for grant in actor.grants]))
    for word in words.split()[:8]:
        statement = statement.where(Series.title.icontains(word, autoescape=True))
    return statement.options(joinedload(Series.lead_organisation)).order_by(func.lower(Series.title), Series.id)


def under(grant: Grant) -> ColumnElement[bool]:
    """Return what one grant opens, by the same rule as for events."""
    if grant.role is Role.ADMINISTRATOR:
        return true()
    if grant.role is not Role.ORGANISER or grant.organisation is None:
        return false()
    shared = select(SeriesCoOwner.series_id).where(SeriesCoOwner.organisation_id == grant.organisation)
    run = or_(Series.lead_organisation_id == grant.organisation, Series.id.in_(shared))
    return and_(run, Series.strand == grant.strand) if grant.strand else run


@dataclass(frozen=True, slots=True)
class Run:
    """How many events a series has, how many are drafts, and when the next one is."""

    events: int
    drafts: int
    next_at: datetime | None


def runs(session: Session, ids: Sequence[int], *, now: datetime) -> dict[int, Run]:
    """Count the events of each series."""
    is_draft = case((Event.state == EventState.DRAFT, 1), else_=0)
    ahead = case((and_(Event.ends_at > now, Event.state == EventState.PUBLISHED), Event.starts_at), else_=None)
    statement = (
        select(Event.series_id, func.count(), func.sum(is_draft), func.min(ahead))
        .where(Event.series_id.in_(ids))
        .group_by(Event.series_id)
    )
    return {row[0]: Run(row[1], int(row[2]), row[3]) for row in session.execute(statement)}


def events_in(series_id: int, actor: Actor) -> Select[Any]:
    """Return the events of a series that `actor` may see, the latest first."""
    loaded = (joinedload(Event.venue), joinedload(Event.series), joinedload(Event.lead_organisation))
    return (
        select(Event)
        .where(Event.series_id == series_id, sight.visible_to(actor))
        .options(*loaded, selectinload(Event.co_owners))
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
