"""What's on: the term ruler, then eight weeks of events, day by day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g

from programme.engines.calendar.queries.conditions import is_whole, within
from programme.engines.calendar.queries.counts import counts_by_week
from programme.engines.calendar.queries.filters import YEARS
from programme.engines.calendar.queries.lists import listed
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.times import london_day, start_of_day
from programme.extensions import database_session
from programme.people.guards import actor, public
from programme.people.states import Strand
from programme.screens.calendar.asking import asked, feed_of, page_address
from programme.screens.calendar.shown.drawing import kept, page
from programme.screens.calendar.shown.lines import monday_of
from programme.screens.calendar.shown.parts import calls_part, ruler_part, weeks_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.filters import Filters
    from programme.engines.calendar.queries.lists import EventLine

blueprint = Blueprint("whats_on", __name__)

WEEKS = 8
LAST_START = date(YEARS[-1], 12, 31) - timedelta(weeks=WEEKS)
"""The last day from which eight weeks lie within the years that the calendar knows."""
MOST_EVENTS = 80


@dataclass(frozen=True, slots=True)
class Span:
    """Eight weeks: `first_day` is the first of which anything is shown, `live_from` the first instant."""

    today: date
    first_day: date
    live_from: datetime

    @property
    def mondays(self) -> list[date]:
        """Return the Mondays of the eight weeks, and that of the week after."""
        return [monday_of(self.first_day) + timedelta(weeks=number) for number in range(WEEKS + 1)]

    @property
    def bounds(self) -> list[datetime]:
        """Return the instants between which the weeks lie."""
        return [start_of_day(monday) for monday in self.mondays]


@dataclass(frozen=True, slots=True)
class Shown:
    """The events that fit on the page, and the day to go on with: the first that is not shown."""

    lines: Sequence[EventLine]
    next_day: date
    is_cut: bool


@blueprint.get("/")
@public
@kept
def whats_on() -> Any:
    """Show eight weeks, from today or from the day that the address names."""
    session, wanted = database_session(), asked()
    filters, dates = wanted.filters.without_dates, terms(session)
    span = span_from(wanted.filters.first_day, g.now)
    counts = counts_by_week(session, span.bounds, actor=actor(), filters=filters, ending_after=span.live_from)
    shown = shown_in(session, span, filters)
    return page(
        "calendar/whats_on.html",
        ruler=ruler_part(
            counts, dates, mondays=span.mondays, today=span.today, drawn=drawn_weeks(shown, span), filters=filters
        ),
        weeks=weeks_part(session, shown.lines, dates, today=span.today, first_day=span.first_day),
        calls=calls_part(session, strand=filters.strand) if span.first_day == span.today else "",
        count=sum(sum(week.values()) for week in counts),
        span=span,
        shown=shown,
        filters=filters,
        next_address=next_address(shown.next_day, filters),
        feed=feed_of(filters),
        strand_address=lambda name: page_address("/", replace(filters, strand=Strand(name) if name else None)),
    )


def span_from(asked_day: date | None, now: datetime) -> Span:
    """Return eight weeks from a day; without one, or in this week, from now on. None begin beyond the edge of time."""
    today = london_day(now)
    first = min(asked_day or today, LAST_START)
    if monday_of(today) <= first <= today:
        return Span(today, today, now)
    return Span(today, first, start_of_day(first))


def next_address(next_day: date, filters: Filters) -> str:
    """Return the page to go on with; none beyond the edge of time."""
    return page_address("/", filters, **{"from": next_day.isoformat()}) if next_day <= LAST_START else ""


def shown_in(session: Session, span: Span, filters: Filters) -> Shown:
    """Return the events of a span; where they are too many, whole days of them."""
    stretch = within(span.live_from, span.bounds[-1])
    whole = is_whole()
    found = listed(session, stretch, whole, actor=actor(), filters=filters, limit=MOST_EVENTS + 1)
    last = max(london_day(found[-1].starts_at), span.first_day) if len(found) > MOST_EVENTS else None
    if last is None:
        return Shown(found, span.mondays[-1], is_cut=False)
    kept = [line for line in found if london_day(line.starts_at) < last]
    if not kept:
        return Shown(found[:MOST_EVENTS], last + timedelta(days=1), is_cut=True)
    return Shown(kept, last, is_cut=True)


def drawn_weeks(shown: Shown, span: Span) -> frozenset[date]:
    """Return the Mondays of the weeks that have a heading on the page."""
    return frozenset(monday_of(max(london_day(line.starts_at), span.first_day)) for line in shown.lines)
