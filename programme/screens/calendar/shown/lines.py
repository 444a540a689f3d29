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
    join_words,
    month_year,
    plural,
    short_date,
    weekday,
    zone,
)
from programme.engines.calendar.ical import EntryStatus
from programme.engines.calendar.naming import audience_words, place_end, place_words, shown_title, status_of
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_dates import week_labels
from programme.engines.calendar.times import london_day, start_of_day
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.engines.registration.terms import Window
from programme.flows.sharing.words import names_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.term_dates import TermDates, UniversityWeek
    from programme.flows.listing import OpenPlaces, Standing

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
Words = tuple[str, str, str]


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


def places_words(openings: Sequence[OpenPlaces]) -> tuple[Words | None, str]:
    """Say what is left, of the opening that tells a newcomer most."""
    current = [place for place in openings if place.window is Window.OPEN]
    if not current:
        return None, closed_words(openings)
    if all(place.is_full for place in current):
        return full_words(current)
    return None, left_words([place for place in current if not place.is_full])


def full_words(openings: Sequence[OpenPlaces]) -> tuple[Words | None, str]:
    """Say that everything is taken, and how many wait."""
    waiting = sum(place.tally.waiting for place in openings)
    return ("wait", "wait", f"Full, {waiting} waiting" if waiting else "Full"), ""


def left_words(openings: Sequence[OpenPlaces]) -> str:
    """Say how many places are left to whoever comes first, never more than chairs; else how they are given."""
    first_come = [place for place in openings if place.places_by is PlacesBy.FIRST_COME]
    if not first_come:
        is_drawn = any(place.places_by is PlacesBy.BALLOT for place in openings)
        return "Places by ballot" if is_drawn else "By application"
    free = [place.free for place in first_come]
    if any(number is None for number in free):
        return "Open to register"
    left = min([sum(number or 0 for number in free), *chairs_of(first_come)])
    kept = {name for place in first_come for name in names_kept(place.tally, place.homes)}
    is_kept = kept and not any(place.tally.pool for place in first_come)
    return f"{plural(left, 'place')} left{f', for {join_words(sorted(kept))}' if is_kept else ''}"


def chairs_of(openings: Iterable[OpenPlaces]) -> list[int]:
    """Return how many chairs of the room are left, where it has a limit: every opening fills the same ones."""
    return [max(0, place.tally.chairs) for place in openings if place.tally.chairs is not None]


def closed_words(openings: Sequence[OpenPlaces]) -> str:
    """Say when registration opens, or that it has closed."""
    coming = [place.opens_at for place in openings if place.window is Window.NOT_YET and place.opens_at]
    if coming:
        return f"Registration opens {short_date(min(coming))}"
    return "Registration has closed" if any(place.window is Window.CLOSED for place in openings) else ""


def bar_of(openings: Sequence[OpenPlaces]) -> tuple[int, int, int] | None:
    """Return (from Liverpool, from Oxford, places) for the bar; places of others are shared by both ends."""
    drawn = [place for place in openings if place.window is Window.OPEN and place.tally.capacity]
    drawn = [place for place in drawn if place.places_by is PlacesBy.FIRST_COME]
    if not drawn:
        return None
    left = sum(place.liverpool for place in drawn)
    right = sum(place.oxford for place in drawn)
    held = sum(place.tally.holding for place in drawn)
    others = held - left - right
    places = min([sum(place.tally.capacity or 0 for place in drawn), *(held + free for free in chairs_of(drawn))])
    return left + others - others // 2, right + others // 2, places
