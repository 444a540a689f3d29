"""The month as an agenda: the same events as in its grid, day by day, with times and places in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, g, request

from programme.engines.calendar.queries.conditions import is_whole, within
from programme.engines.calendar.queries.lists import listed
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.times import london_day, start_of_day
from programme.extensions import database_session
from programme.people.guards import actor, public
from programme.screens.calendar.asking import asked, page_address
from programme.screens.calendar.month import AGENDA, Grid, around, asked_month
from programme.screens.calendar.shown.drawing import kept, page
from programme.screens.calendar.shown.parts import weeks_part

blueprint = Blueprint("agenda", __name__)

MOST_EVENTS = 200


@blueprint.get(AGENDA)
@public
@kept
def agenda() -> Any:
    """Show the month that the address names, else this one; what began before it stands under its first day."""
    session, filters, today = database_session(), asked().filters.without_dates, london_day(g.now)
    grid = Grid(asked_month(request.args.get("month", ""), today), today)
    stretch = within(start_of_day(grid.first), start_of_day(grid.following))
    lines = listed(session, stretch, is_whole(), actor=actor(), filters=filters, limit=MOST_EVENTS + 1)
    shown = lines[:MOST_EVENTS]
    return page(
        "calendar/agenda.html",
        grid=grid,
        count=len(shown),
        weeks=weeks_part(session, shown, terms(session), today=today, first_day=grid.first) if shown else "",
        filters=filters,
        is_cut=len(lines) > MOST_EVENTS,
        list_address=page_address("/events", replace(filters, first_day=grid.first, last_day=grid.last)),
        **around(grid, filters, path=AGENDA),
    )
