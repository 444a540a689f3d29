"""The parts that pages of the calendar share: weeks of events, and the term ruler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import status_of
from programme.engines.calendar.term_weeks.term_dates import week_labels
from programme.engines.calendar.term_weeks.weeks import DateStatus
from programme.engines.registration.openings.calls.queries import calls
from programme.flows.listing.places import Happening, places_at
from programme.flows.listing.standings import standings_of
from programme.flows.listing.wholes import places_of_wholes
from programme.people.guards import actor
from programme.people.states import Strand
from programme.screens.calendar.asking import page_address
from programme.screens.calendar.shown.drawing import part
from programme.screens.calendar.shown.lines import Sources, monday_of, weeks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from markupsafe import Markup
    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.counts import WeekCounts
    from programme.engines.calendar.queries.filters import Filters
    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.term_weeks.term_dates import TermDates, UniversityWeek

MOST_MARKS = 4


def weeks_part(
    session: Session, lines: Sequence[EventLine], dates: TermDates, *, today: date, first_day: date | None = None
) -> Markup:
    """Draw events in weeks and days, with their places and where the reader stands."""
    sources = sources_for(session, lines, dates, today=today)
    return part("calendar/parts/weeks.html", weeks=weeks_of(lines, sources, first_day=first_day))


def sources_for(session: Session, lines: Sequence[EventLine], dates: TermDates, *, today: date) -> Sources:
    """Ask for the places at events that take place, or at their parts, and for where the reader stands."""
    going = [line for line in lines if status_of(line.state, date_is_known=line.date_is_known) is EntryStatus.CONFIRMED]
    coming = [line for line in going if line.ends_at > g.now]
    happening = [Happening(line.id, line.starts_at, line.room_capacity) for line in coming]
    places = places_at(session, happening, now=g.now) if happening else {}
    wholes = [line.id for line in coming if line.part_of_id is None and line.id not in places]
    places |= places_of_wholes(session, wholes, actor=actor(), now=g.now)
    standings = standings_of(session, actor().person_id, [line.id for line in lines])
    return Sources(today, dates, places, standings)


def calls_part(session: Session, *, strand: Strand | None = None) -> Markup | str:
    """Draw what one may apply for that belongs to no event; nothing where there is none."""
    found = calls(session, actor=actor(), now=g.now, strand=strand)
    return part("calendar/parts/calls.html", calls=found, now=g.now) if found else ""


def ruler_part(
    counts: WeekCounts,
    dates: TermDates,
    *,
    mondays: Sequence[date],
    today: date,
    drawn: frozenset[date],
    filters: Filters,
) -> Markup:
    """Draw the term ruler: each week leads to its heading, or to the page that begins with it."""
    weeks = [week_labels(dates, monday) for monday in mondays[:-1]]
    shown = [
        {
            "href": href(monday, drawn, filters),
            "monday": monday,
            "current": monday == monday_of(today),
            "strands": [strand.value for strand in Strand if count.get(strand)][:MOST_MARKS],
            "ends": [short_end(week) for week in labels],
        }
        for monday, count, labels in zip(mondays, counts, weeks, strict=False)
    ]
    return part("calendar/parts/ruler.html", weeks=shown, key=list(key_lines(weeks)))


def href(monday: date, drawn: frozenset[date], filters: Filters) -> str:
    """Return the week's heading on this page, else the page that begins with the week."""
    if monday in drawn:
        return f"#w-{monday.isoformat()}"
    return page_address("/", filters, **{"from": monday.isoformat()})


def short_end(week: UniversityWeek) -> dict[str, str]:
    """Return a week's number as short as it goes, and in words for those who hear it."""
    label = week.label
    words = f"{week.name} {label.long.partition(' of ')[2] or label.long}"
    if not label.in_term:
        return {"end": week.end, "short": "vac." if label.long == "vacation" else "–", "words": words}
    first, *_, last = label.short.split()
    return {"end": week.end, "short": last if last.startswith("W") and last[1:].isdigit() else first, "words": words}


def short_month_end(week: UniversityWeek) -> dict[str, str]:
    """Return a week's number for the head of a row of the month."""
    label = week.label
    words = f"{week.name} {label.long.partition(' of ')[2] or label.long}"
    first, _, rest = label.short.partition(" Wk ")
    short = f"{first} week" if rest else first
    short = short if label.in_term else ("vacation" if label.long == "vacation" else "no dates yet")
    return {"end": week.end, "short": short, "words": words}


def key_lines(weeks: Iterable[Sequence[UniversityWeek]]) -> Iterator[dict[str, str]]:
    """Say once beneath the ruler what its numbers are, and how sure."""
    for column in zip(*weeks, strict=True):
        labels = [week.label for week in column]
        if all(label.status is DateStatus.PLACEHOLDER for label in labels):
            words = "dates not confirmed"
        else:
            words = "academic week" + (" (provisional)" if any(label.is_provisional for label in labels) else "")
        yield {"end": column[0].end, "words": f"{column[0].name}, {words}"}
