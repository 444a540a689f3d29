"""How to subscribe to one calendar: any filter of the list, or a series, in every way that calendars take it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect

from programme.core.web.converters import slug
from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.filters import Filters
from programme.engines.calendar.queries.lists import listed_count
from programme.engines.calendar.queries.pages import series_with_owners
from programme.engines.calendar.queries.series import series_with_dates
from programme.engines.calendar.sight import listed_to, may_see_series
from programme.extensions import database_session
from programme.people.guards import public
from programme.people.permissions import NOBODY
from programme.screens.calendar.asking import asked, feed_of, page_address, removals
from programme.screens.calendar.listing import choices
from programme.screens.calendar.series.runs import series_feed
from programme.screens.calendar.shown.drawing import kept, page

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from programme.screens.calendar.asking import FeedAddress

blueprint = Blueprint("subscribe", __name__)

HERE = "/subscribe"


@blueprint.get(HERE)
@public
@kept
def subscribe() -> Any:
    """Show the feed that holds what the filters ask for, and let one choose others."""
    filters = asked().filters
    undated = filters.without_dates
    return answer(
        feed_of(filters),
        ahead=count_ahead(filters),
        filters=filters,
        choices=choices(database_session()),
        all_series=series_with_dates(database_session(), now=g.now),
        removals=removals(HERE, filters),
        lasting_address=page_address(HERE, undated) if filters != undated else "",
        list_address=page_address("/events", filters),
        embed_address=page_address("/embed", undated),
        card_address=page_address("/term-card", replace(undated, words="", audience=None)),
    )


@blueprint.get("/series/<slug:ref>/subscribe")
@public
@kept
def to_series(ref: tuple[int, str]) -> Any:
    """Show the feed of a series that everybody may see."""
    found = series_with_owners(database_session(), ref[0]) or abort(404)
    held = count_ahead(Filters(), Event.series_id == found.id)
    if not may_see_series(found, NOBODY) or not (held or is_held(found.id)):
        abort(404)
    here = slug(found.title, found.id)
    if ref[1] != here:
        return redirect(f"/series/{here}/subscribe", 301)
    return answer(series_feed(found), ahead=held, series=found, list_address=f"/series/{here}")


def answer(feed: FeedAddress, **variables: Any) -> Any:
    """Return the page of a feed."""
    return page("calendar/elsewhere/subscribe.html", feed=feed, **variables)


def count_ahead(filters: Filters, *where: ColumnElement[bool]) -> int:
    """Count what the feed holds of the future: what everybody may see, whoever looks."""
    ahead = Event.ends_at > g.now
    return listed_count(database_session(), ahead, *where, actor=NOBODY, filters=filters)


def is_held(series_id: int) -> bool:
    """Whether anything of a series is shown to everybody, past or not."""
    found = (Event.series_id == series_id, listed_to(NOBODY))
    return bool(listed_count(database_session(), *found, actor=NOBODY, filters=Filters()))
