"""Every series: its next date, how many more there are, and its feed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from programme.core.web.converters import slug
from programme.core.web.lists import Page, page_number
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.queries.filters import Filters
from programme.engines.calendar.queries.series import listed_series, listed_series_count, next_events, sharers_of
from programme.engines.calendar.states import Visibility
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, public
from programme.people.states import Strand
from programme.screens.calendar.asking import asked, page_address
from programme.screens.calendar.listing import choices
from programme.screens.calendar.series.runs import series_address
from programme.screens.calendar.shown.drawing import kept, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.queries.series import SeriesLine
    from programme.engines.calendar.term_weeks.term_dates import TermDates

blueprint = Blueprint("all_series", __name__)

PAGE_SIZE = 30
HERE = "/series"


@blueprint.get(HERE)
@public
@kept
def all_series() -> Any:
    """List the series, the one whose next date comes first at the head."""
    session, wanted = database_session(), asked().filters
    filters = Filters(words=wanted.words, strand=wanted.strand, university=wanted.university)
    found = page_of_series(filters)
    return page(
        "calendar/series/all_series.html",
        found=found,
        runs=shown(found.rows, terms(session)),
        filters=filters,
        universities=choices(session)["university"],
        strand_address=lambda name: page_address(HERE, replace(filters, strand=Strand(name) if name else None)),
    )


def page_of_series(filters: Filters) -> Page[SeriesLine]:
    """Return one page; past the end is the last page."""
    session, known = database_session(), {"actor": actor(), "filters": filters, "now": g.now}
    total = listed_series_count(session, **known)
    number = min(page_number(request.args.get("page")), max(1, -(-total // PAGE_SIZE)))
    rows = listed_series(session, **known, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page(rows, number, PAGE_SIZE, total)


def shown(found: Sequence[SeriesLine], dates: TermDates) -> list[dict[str, Any]]:
    """Return what a line of each series shows."""
    session = database_session()
    coming, sharers = next_events(session, found, actor=actor()), sharers_of(session, [row.id for row in found])
    return [line_of(row, coming.get(row.id), sharers.get(row.id, []), dates) for row in found]


def line_of(row: SeriesLine, coming: EventLine | None, sharers: Sequence[str], dates: TermDates) -> dict[str, Any]:
    """Return what one line shows."""
    is_public = row.visibility is Visibility.PUBLIC
    return {
        "it": row,
        "url": f"{HERE}/{slug(row.title, row.id)}",
        "run_by": [row.lead, *sharers],
        "coming": coming,
        "coming_title": shown_title(coming.title, is_known=coming.title_is_known) if coming else "",
        "coming_url": f"/events/{slug(coming.title, coming.id)}" if coming else "",
        "weeks": week_labels(dates, london_day(coming.starts_at)) if coming else (),
        "feed": series_address(row.title, row.id) if is_public else None,
    }
