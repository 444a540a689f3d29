"""The list of events: every filter, page by page, as an agenda."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request
from sqlalchemy import select

from programme.core.web.lists import Page, one_of, page_number
from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.conditions import is_whole
from programme.engines.calendar.queries.filters import AUDIENCES, ONLINE, SITES, Filters
from programme.engines.calendar.queries.lists import listed, listed_count
from programme.engines.calendar.states import FOCUS_AREAS
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, public
from programme.people.models import Organisation
from programme.people.states import OrganisationKind, Strand
from programme.screens.calendar.asking import asked, base_url, count_search, feed_of, page_address, removals
from programme.screens.calendar.shown.drawing import kept, page
from programme.screens.calendar.shown.parts import weeks_part
from programme.screens.calendar.shown.search import search_list

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.lists import EventLine

blueprint = Blueprint("events", __name__)

PAGE_SIZE = 50
PAST = "past"


@blueprint.get("/events")
@public
@kept
def events() -> Any:
    """Show what lies ahead, or what is past, as the filters ask."""
    session, wanted = database_session(), asked()
    filters, is_past = wanted.filters, one_of(request.args.get("when", ""), {PAST}, label="time") == PAST
    count_search(filters)
    found = page_of_events(session, filters, is_past=is_past)
    today = london_day(g.now)
    more = {"when": PAST} if is_past else {}
    return page(
        "calendar/events.html",
        found=found,
        weeks=weeks_part(session, found.rows, terms(session), today=today),
        filters=filters,
        is_past=is_past,
        choices=choices(session),
        removals=removals("/events", filters),
        other_address=page_address("/events", filters, **({} if is_past else {"when": PAST})),
        strand_address=lambda name: page_address(
            "/events", replace(filters, strand=Strand(name) if name else None), **more
        ),
        all_strands_address=page_address("/events", replace(filters, strand=None), **more),
        feed=feed_of(filters.without_dates),
        data=search_list(found, base_url=base_url()) if found.rows and not actor().is_signed_in else None,
        subscribe_address=page_address("/subscribe", filters),
        card_address=page_address("/term-card", filters.without_dates),
    )


def page_of_events(session: Session, filters: Filters, *, is_past: bool) -> Page[EventLine]:
    """Return one page: the next first, or of what is past the latest first; past the end is the last page."""
    where = [*time_condition(filters, is_past=is_past), *wholes(filters)]
    total = listed_count(session, *where, actor=actor(), filters=filters)
    number = min(page_number(request.args.get("page")), max(1, -(-total // PAGE_SIZE)))
    rows = listed(
        session,
        *where,
        actor=actor(),
        filters=filters,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
        backwards=is_past,
    )
    return Page(rows, number, PAGE_SIZE, total)


def time_condition(filters: Filters, *, is_past: bool) -> list[ColumnElement[bool]]:
    """Return which side of now is shown; days that were asked for decide for themselves."""
    if is_past:
        return [Event.ends_at <= g.now]
    return [] if filters.first_day else [Event.ends_at > g.now]


def wholes(filters: Filters) -> list[ColumnElement[bool]]:
    """Leave the parts of events to the pages of these, unless something is looked for that a part alone may have."""
    return [] if filters.words or filters.site or filters.focus else [is_whole()]


def choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Return what the selects offer."""
    statement = select(Organisation.slug, Organisation.short_name).order_by(Organisation.position)
    universities = session.execute(statement.where(Organisation.kind == OrganisationKind.UNIVERSITY))
    return {
        "university": [(slug, name) for slug, name in universities],
        "at": [*SITES.items(), (ONLINE, "Online")],
        "focus": list(FOCUS_AREAS.items()),
        "who": [(audience.value, words) for audience, words in AUDIENCES.items()],
    }
