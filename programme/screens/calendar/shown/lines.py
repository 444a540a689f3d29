"""Events of a list as templates show them: in weeks and days, with their places in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.core.web.words import (
    clock_change,
    clock_time,
    distance,
    month_year,
    short_date,
    weekday,
    zone,
)
from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import audience_words, place_end, place_words, shown_title, status_of
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import week_labels
from programme.engines.calendar.times import london_day, start_of_day
from programme.engines.registration.states import RegistrationState
from programme.screens.calendar.shown.left import bar_of, places_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.term_weeks.term_dates import TermDates, UniversityWeek
    from programme.flows.listing.places import OpenPlaces
    from programme.flows.listing.standings import Standing
    from programme.screens.calendar.shown.left import Words

DAYS_OF_A_WEEK = 7
STANDINGS = {
    RegistrationState.CONFIRMED: ("ok", "check", "You have a place"),
    RegistrationState.OFFERED: ("wait", "clock", "A place is offered to you"),
    RegistrationState.WAITLISTED: ("wait", "wait", "You are on the waiting list"),
    RegistrationState.PENDING: ("wait", "clock", "You have applied"),
}
OFF = {
    EntryStatus.CANCELLED: ("", "cross", "Cancelled"),
    EntryStatus.POSTPONED: ("wait", "pause", "Postponed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvent:
    """One event of a list, in words; `state` is (kind of colour, icon, word)."""

    id: int
    title: str
    url: str
    start: datetime
    end: datetime
    when: str
    until: str
    strand: str
    place: str
    place_end: str
    audience: str
    off: bool
    note: str
    state: Words | None
    left: str
    bar: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day and its events; `note` stands under the weekday."""

    date: date
    note: str
    events: tuple[ShownEvent, ...]


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """A week and its days; `ends` are its numbers at both universities."""

    id: str
    title: str
    ends: tuple[dict[str, str], ...]
    note: str
    days: tuple[ShownDay, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What lines are put together from besides their rows."""

    today: date
    dates: TermDates
    places: Mapping[int, tuple[OpenPlaces, ...]]
    standings: Mapping[int, Standing]


def weeks_of(lines: Sequence[EventLine], sources: Sources, *, first_day: date | None = None) -> list[ShownWeek]:
    """Gather events into weeks and days; one that began before `first_day` stands under it, as it still goes on."""
    dated = [(max(london_day(line.starts_at), first_day or date.min), line) for line in lines]
    return [
        week_of(
            monday,
            [(day, [line for _, line in found]) for day, found in groupby(some, key=lambda pair: pair[0])],
            sources,
        )
        for monday, some in groupby(dated, key=lambda pair: monday_of(pair[0]))
    ]


def week_of(monday: date, days: Iterable[tuple[date, Sequence[EventLine]]], sources: Sources) -> ShownWeek:
    """Return one week with its days."""
    return ShownWeek(
        id=f"w-{monday.isoformat()}",
        title=week_title(monday, sources.today),
        ends=tuple(week_ends(week_labels(sources.dates, monday))),
        note=clocks_note(monday),
        days=tuple(
            ShownDay(day, day_note(day, sources.today), tuple(shown(line, sources) for line in lines))
            for day, lines in days
        ),
    )


def week_title(monday: date, today: date) -> str:
    """Say which week it is."""
    if monday == monday_of(today):
        return "This week"
    year = f" {monday.year}" if monday.year != today.year else ""
    return f"Week of {monday.day} {month_year(monday).split()[0]}{year}"


def week_ends(weeks: Iterable[UniversityWeek]) -> Iterator[dict[str, str]]:
    """Return the number of a week at each university, without the day's name."""
    for week in weeks:
        words = week.label.long.partition(" of ")[2] or week.label.long
        is_said = week.label.in_term
        yield {"end": week.end, "name": week.name, "words": words if is_said else f"{week.name}: {words}"}


def clocks_note(monday: date) -> str:
    """Say in the first week after a change of clocks that they changed."""
    change = clock_change(start_of_day(monday - timedelta(days=7)), start_of_day(monday))
    return f"{change}: times from here are {zone(start_of_day(monday))}" if change else ""


def day_note(day: date, today: date) -> str:
    """Say month and year, or how near the day is."""
    near = (day - today).days
    return f"{month_year(day).split()[0]}, {distance(day, start_of_day(today))}" if 0 <= near <= 1 else month_year(day)


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def shown(line: EventLine, sources: Sources) -> ShownEvent:
    """Return one event in words."""
    title = shown_title(line.title, is_known=line.title_is_known, series=line.series)
    status = status_of(line.state, date_is_known=line.date_is_known)
    openings = sources.places.get(line.id, ()) if status is EntryStatus.CONFIRMED else ()
    standing = sources.standings.get(line.id)
    state, left = state_and_left(line, status, openings, standing)
    return ShownEvent(
        id=line.id,
        title=title,
        url=f"/events/{slug(title, line.id)}",
        start=line.starts_at,
        end=line.ends_at,
        when=all_day_words(line) if line.all_day else "",
        until=until_words(line),
        strand=line.strand.value,
        place=place_words(line.room, line.venue, is_online=line.is_online),
        place_end=place_end(line.venue_end, has_place=bool(line.room or line.venue), is_online=line.is_online),
        audience=audience_words(line.audience, line.lead, line.audience_note),
        off=status in OFF,
        note=f"Part of the series {line.series}" if line.series and line.title_is_known else "",
        state=state,
        left=left,
        bar=bar_of(openings),
    )


def all_day_words(line: EventLine) -> str:
    """Say that an event fills its days, and until when."""
    last = london_day(line.ends_at) - timedelta(days=1)
    return f"All day, to {short_date(last)}" if last > london_day(line.starts_at) else "All day"


def until_words(line: EventLine) -> str:
    """Say in a narrow column when an event ends on another day; nothing for one that ends on the same."""
    if line.all_day or london_day(line.ends_at) == london_day(line.starts_at):
        return ""
    is_near = (london_day(line.ends_at) - london_day(line.starts_at)).days < DAYS_OF_A_WEEK
    day = weekday(line.ends_at)[:3] if is_near else short_date(line.ends_at)
    return f"to {clock_time(line.ends_at)} {day} {zone(line.ends_at)}"


def state_and_left(
    line: EventLine, status: EntryStatus, openings: Sequence[OpenPlaces], standing: Standing | None
) -> tuple[Words | None, str]:
    """Return the state beside an event, if it has one, and what is left of its places."""
    if line.state is EventState.DRAFT:
        return ("", "edit", "Draft"), ""
    if status in OFF:
        return OFF[status], ""
    if standing is not None:
        return STANDINGS[standing.state], ""
    return places_words(openings)
