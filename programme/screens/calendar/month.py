"""The month: a grid of weeks, or on a phone a list of the days that have something."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from programme.core.web.converters import slug
from programme.core.web.lists import note_unread
from programme.core.web.words import clock_time, month_year
from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import shown_title, status_of
from programme.engines.calendar.queries.conditions import is_whole, within
from programme.engines.calendar.queries.filters import YEARS, Filters
from programme.engines.calendar.queries.lists import EventLine, listed
from programme.engines.calendar.term_weeks.term_dates import TermDates, terms, week_labels
from programme.engines.calendar.term_weeks.weeks import Numbering, ordinal
from programme.engines.calendar.times import london_day, start_of_day
from programme.extensions import database_session
from programme.people.guards import actor, public
from programme.people.states import Strand
from programme.screens.calendar.asking import asked, feed_of, page_address
from programme.screens.calendar.shown.drawing import kept, page, part
from programme.screens.calendar.shown.lines import monday_of
from programme.screens.calendar.shown.parts import short_month_end

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

blueprint = Blueprint("month", __name__)

MOST_EVENTS = 600
MOST_A_DAY = 5
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Grid:
    """A month and the whole weeks around it."""

    first: date
    today: date

    @property
    def start(self) -> date:
        """Return the Monday on or before the first of the month."""
        return monday_of(self.first)

    @property
    def end(self) -> date:
        """Return the Monday after the last week."""
        return monday_of(self.following - timedelta(days=1)) + timedelta(weeks=1)

    @property
    def following(self) -> date:
        """Return the first of the next month."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def former(self) -> date:
        """Return the first of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def mondays(self) -> list[date]:
        """Return the Mondays of the grid."""
        return [self.start + timedelta(weeks=number) for number in range((self.end - self.start).days // 7)]


@blueprint.get("/calendar")
@public
@kept
def month() -> Any:
    """Show the month that the address names, else this one."""
    session, wanted, today = database_session(), asked(), london_day(g.now)
    first = asked_month(request.args.get("month", ""), today)
    filters, grid, dates = wanted.filters.without_dates, Grid(first, today), terms(session)
    stretch = within(start_of_day(grid.start), start_of_day(grid.end))
    lines = listed(session, stretch, is_whole(), actor=actor(), filters=filters, limit=MOST_EVENTS)
    return page(
        "calendar/month.html",
        grid=grid,
        weeks=part("calendar/parts/month_weeks.html", weeks=list(weeks(lines, grid, dates, filters))),
        filters=filters,
        before=month_link(grid.former, filters) if is_shown(grid.former) else None,
        after=month_link(grid.following, filters) if is_shown(grid.following) else None,
        this_month=month_link(today.replace(day=1), filters),
        strand_address=lambda name: month_link(first, replace(filters, strand=Strand(name) if name else None))["url"],
        feed=feed_of(filters),
        is_cut=len(lines) == MOST_EVENTS,
        list_address=page_address(
            "/events", replace(filters, first_day=first, last_day=grid.following - timedelta(days=1))
        ),
    )


def asked_month(text: str, today: date) -> date:
    """Read 2027-03; whatever makes no sense is this month, and noted."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    first = date(int(match[1]), int(match[2]), 1) if match and match[1] != "0000" else None
    if first and is_shown(first):
        return first
    if text:
        note_unread("month")
    return today.replace(day=1)


def is_shown(first: date) -> bool:
    """Whether a month has a page: its weeks lie in years that the calendar knows."""
    return first.year in YEARS[1:-1]


def month_link(first: date, filters: Filters) -> dict[str, str]:
    """Return the address of a month, and its name."""
    return {"url": page_address("/calendar", filters, month=f"{first:%Y-%m}"), "word": month_year(first).split()[0]}


def weeks(lines: Sequence[EventLine], grid: Grid, dates: TermDates, filters: Filters) -> Iterator[dict[str, Any]]:
    """Return the weeks as the macro takes them."""
    by_day = events_by_day(lines, grid)
    for monday in grid.mondays:
        yield {
            "id": f"w-{monday.isoformat()}",
            "label": f"Week from {monday.day} {month_year(monday)}",
            "current": monday == monday_of(grid.today),
            "ends": [short_month_end(week) for week in week_labels(dates, monday)],
            "days": [day_cell(monday + timedelta(days=number), by_day, grid, dates, filters) for number in range(7)],
        }


def events_by_day(lines: Sequence[EventLine], grid: Grid) -> dict[date, list[EventLine]]:
    """Put each event under every day of the grid on which it goes on."""
    found: dict[date, list[EventLine]] = {}
    for line in lines:
        day, last = max(london_day(line.starts_at), grid.start), min(last_day(line), grid.end - timedelta(days=1))
        while day <= last:
            found.setdefault(day, []).append(line)
            day += timedelta(days=1)
    return found


def last_day(line: EventLine) -> date:
    """Return the last day that the event touches: one that ends at midnight ends the day before."""
    return max(london_day(line.ends_at - timedelta(microseconds=1)), london_day(line.starts_at))


def day_cell(
    day: date, by_day: dict[date, list[EventLine]], grid: Grid, dates: TermDates, filters: Filters
) -> dict[str, Any]:
    """Return one day as the macro takes it; what does not fit is one line that leads to the list of the day."""
    lines = by_day.get(day, [])
    events = [entry(line, day) for line in lines[:MOST_A_DAY]]
    if len(lines) > MOST_A_DAY:
        url = page_address("/events", replace(filters, first_day=day, last_day=day))
        events.append({"url": url, "title": f"{len(lines) - MOST_A_DAY} more", "time": "", "strand": ""})
    return {
        "date": day,
        "outside": day.month != grid.first.month,
        "today": day == grid.today,
        "note": week_begins(day, dates),
        "events": events,
    }


def entry(line: EventLine, day: date) -> dict[str, Any]:
    """Return one event in one day."""
    title = shown_title(line.title, is_known=line.title_is_known, series=line.series)
    return {
        "url": f"/events/{slug(title, line.id)}",
        "title": title,
        "time": time_on(line, day),
        "strand": line.strand.value,
        "off": status_of(line.state, date_is_known=line.date_is_known) is not EntryStatus.CONFIRMED,
        "continued": london_day(line.starts_at) < day,
    }


def time_on(line: EventLine, day: date) -> str:
    """Say when on that day: its start, on the last day its end, between them all day."""
    if line.all_day or london_day(line.starts_at) < day < last_day(line):
        return "All day"
    return clock_time(line.starts_at) if london_day(line.starts_at) == day else f"to {clock_time(line.ends_at)}"


def week_begins(day: date, dates: TermDates) -> str:
    """Say on a Sunday that a numbered week begins there at a university whose weeks begin on Sundays."""
    if day.weekday() != SUNDAY:
        return ""
    for place in dates.universities:
        for term in place.terms:
            if term.numbering is Numbering.ORDINAL and term.shown_from <= day <= term.shown_until:
                return f"{ordinal(term.number(day))} week begins in {place.name}"
    return ""
