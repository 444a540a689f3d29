"""What runs on: the page of a series, and the page of a strand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect

from programme.core.web.converters import slug
from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.conditions import is_whole
from programme.engines.calendar.queries.filters import Filters
from programme.engines.calendar.queries.lists import events_of_series, listed, listed_count
from programme.engines.calendar.queries.pages import series_with_owners
from programme.engines.calendar.sight import may_see_series, series_scope
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, public
from programme.people.permissions import Verb, may
from programme.people.states import Strand
from programme.screens.calendar.asking import EVERYTHING, FeedAddress, base_url, feed_of, strand_name
from programme.screens.calendar.shown.drawing import kept, page
from programme.screens.calendar.shown.event import paragraphs
from programme.screens.calendar.shown.parts import calls_part, weeks_part

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Series
    from programme.engines.calendar.queries.lists import EventLine

blueprint = Blueprint("runs", __name__)

MOST_EVENTS = 40
MOST_PAST = 20
INTROS = {
    Strand.COHORTS: (
        "Doctoral researchers of both universities learn together: inductions, methods days, clinics and residentials "
        "along the line."
    ),
    Strand.PLACEMENTS: (
        "Time in hospitals, companies and laboratories of the two regions: briefings, meetings with hosts and the "
        "yearly round."
    ),
    Strand.ENTREPRENEURSHIP: (
        "From an idea to a company: office hours, bootcamps, pitch nights and prizes for students, staff and founders."
    ),
    Strand.EXCHANGE: (
        "What the universities know, for everybody: public lectures, facility tours, breakfasts for firms and courses "
        "for professionals."
    ),
}


@blueprint.get("/series/<slug:ref>")
@public
@kept
def series(ref: tuple[int, str]) -> Any:
    """Show the series with what lies ahead and what is past."""
    session = database_session()
    found, lines = found_series(session, ref[0])
    if ref[1] != slug(found.title, found.id):
        return redirect(f"/series/{slug(found.title, found.id)}", 301)
    dates, today = terms(session), london_day(g.now)
    ahead = [line for line in lines if line.ends_at > g.now]
    past = [line for line in reversed(lines) if line.ends_at <= g.now]
    return page(
        "calendar/series/series.html",
        series=found,
        about=paragraphs(found.description),
        ahead=weeks_part(session, ahead[:MOST_EVENTS], dates, today=today) if ahead else None,
        hidden_count=max(0, len(ahead) - MOST_EVENTS),
        past=weeks_part(session, past[:MOST_PAST], dates, today=today) if past else None,
        past_count=len(past),
        feed=series_feed(found),
        may_organise=may(actor(), Verb.SEE_DRAFT, series_scope(found)),
    )


def found_series(session: Session, series_id: int) -> tuple[Series, list[EventLine]]:
    """Return a series with the events that the reader may see; 404 where the series itself or all of it is hidden."""
    found = series_with_owners(session, series_id) or abort(404)
    lines = events_of_series(session, series_id, actor=actor())
    if not may_see_series(found, actor()) or not (lines or may(actor(), Verb.SEE_DRAFT, series_scope(found))):
        abort(404)
    return found, lines


def series_feed(found: Series) -> FeedAddress:
    """Return the address of the series' feed."""
    return series_address(found.title, found.id)


def series_address(title: str, series_id: int) -> FeedAddress:
    """Return the same for a series of which no more is known."""
    return FeedAddress(f"{EVERYTHING}: {title}", f"{base_url()}/series/{slug(title, series_id)}.ics")


@blueprint.get("/strands/<strand>")
@public
@kept
def strand(strand: str) -> Any:
    """Show one strand: what it is, and what lies ahead in it."""
    if strand not in set(Strand):
        abort(404)
    session, filters = database_session(), Filters(strand=Strand(strand))
    ahead = (Event.ends_at > g.now, is_whole())
    lines = listed(session, *ahead, actor=actor(), filters=filters, limit=MOST_EVENTS)
    return page(
        "calendar/series/strand.html",
        strand=strand,
        name=strand_name(Strand(strand)),
        intro=INTROS[Strand(strand)],
        count=listed_count(session, *ahead, actor=actor(), filters=filters),
        weeks=weeks_part(session, lines, terms(session), today=london_day(g.now)) if lines else None,
        calls=calls_part(session, strand=Strand(strand)),
        is_cut=len(lines) == MOST_EVENTS,
        feed=feed_of(filters),
    )
