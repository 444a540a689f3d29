"""Counts for the term ruler: events of each week and strand, in one query."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import case, func, literal, select

from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.conditions import is_whole, joined, matching
from programme.engines.calendar.sight import ANNOUNCED, listed_to
from programme.people.states import Strand

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.filters import Filters
    from programme.people.permissions import Actor

WeekCounts = tuple[dict[Strand, int], ...]


def counts_by_week(
    session: Session, bounds: Sequence[datetime], *, actor: Actor, filters: Filters, ending_after: datetime
) -> WeekCounts:
    """Count events that start in each stretch between two `bounds`, by strand; what is called off does not count.

    An event that is over by `ending_after` does not count either.
    """
    week = case(
        *((Event.starts_at < last, literal(number)) for number, (_, last) in enumerate(pairwise(bounds))),
        else_=literal(-1),
    ).label("week")
    statement = (
        joined(select(week, Event.strand, func.count()).select_from(Event), filters)
        .where(listed_to(actor), *matching(filters, actor=actor), is_whole())
        .where(Event.state.in_(ANNOUNCED), Event.date_is_known)
        .where(Event.starts_at >= bounds[0], Event.starts_at < bounds[-1], Event.ends_at > ending_after)
        .group_by(week, Event.strand)
    )
    found: WeekCounts = tuple({} for _ in pairwise(bounds))
    for number, strand, count in session.execute(statement):
        found[number][strand] = count
    return found
