"""An academic year of a cohort, week by week, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from programme.core.web.words import MONTHS, short_date
from programme.engines.calendar.naming import place_end, place_words, title_of
from programme.engines.calendar.term_weeks.term_dates import week_labels
from programme.engines.calendar.term_weeks.weeks import DateStatus
from programme.engines.calendar.times import london_day, start_of_day
from programme.strands.cohorts.planning.finding import of_event, of_week, page_of
from programme.strands.cohorts.planning.residential.template import monday_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.term_weeks.term_dates import TermDates, University, UniversityWeek
    from programme.engines.calendar.warnings.values import Days
    from programme.people.permissions import Actor
    from programme.strands.cohorts.planning.finding import Concern
    from programme.strands.cohorts.planning.queries import DueCount

SEPTEMBER = 9
WEEK = timedelta(weeks=1)
THURSDAY = timedelta(days=3)
MOST_MARKS = 4
VACATION, UNCONFIRMED = "vacation", "not confirmed"


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One event of the cohort: where it leads to, where it is, what to think about."""

    event: Event
    title: str
    path: str
    place: str
    end: str
    concerns: Sequence[Concern]


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """One week from its Monday on: both universities' weeks, days that are special, events, what is due."""

    monday: date
    labels: tuple[UniversityWeek, ...]
    notes: list[tuple[str, str]] = field(default_factory=list)
    events: list[PlannedEvent] = field(default_factory=list)
    due: list[DueCount] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What it is called on the page."""
        return f"w-{self.monday.isoformat()}"

    @property
    def last_day(self) -> date:
        """Its Sunday."""
        return self.monday + timedelta(days=6)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.events or self.due or self.notes)


class MonthTerms(NamedTuple):
    """Which terms of a university touch a month, in a word; `end` is its end of the corridor."""

    name: str
    end: str
    words: str


@dataclass(frozen=True, slots=True)
class PlannedMonth:
    """The weeks that have most of their days in one month."""

    first: date
    weeks: list[PlannedWeek]
    terms: Sequence[MonthTerms] = ()

    @property
    def key(self) -> str:
        """What it is called on the page."""
        return f"m-{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        """Its name with the year."""
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"

    @property
    def events(self) -> int:
        """How many events there are in it."""
        return sum(len(week.events) for week in self.weeks)

    @property
    def marks(self) -> range:
        """A mark for each event, up to a few."""
        return range(min(self.events, MOST_MARKS))

    @property
    def thoughts(self) -> int:
        """How many things there are to think about in it."""
        of_weeks = sum(len(week.concerns) for week in self.weeks)
        return of_weeks + sum(len(one.concerns) for week in self.weeks for one in week.events)


def mondays_of(year: int) -> list[date]:
    """Return the Mondays of the weeks of an academic year, which 1 September opens."""
    monday, after = monday_of(date(year, SEPTEMBER, 1)), monday_of(date(year + 1, SEPTEMBER, 1))
    return [monday + number * WEEK for number in range((after - monday) // WEEK)]


def span_of(mondays: Sequence[date]) -> tuple[datetime, datetime]:
    """Return the instants between which these weeks lie, the last excluded."""
    return start_of_day(mondays[0]), start_of_day(mondays[-1] + WEEK)


def weeks_of(
    mondays: Sequence[date], dates: TermDates, days: Days, *, universities: Collection[str]
) -> dict[date, PlannedWeek]:
    """Return empty weeks with what is known of their days, by their Mondays."""
    return {
        monday: PlannedWeek(
            monday,
            tuple(week for week in week_labels(dates, monday) if week.name in universities),
            list(notes(monday, days, universities)),
        )
        for monday in mondays
    }


def notes(monday: date, days: Days, universities: Collection[str]) -> Iterable[tuple[str, str]]:
    """Give the bank holidays of a week, and the closures and examinations of these universities that touch it."""
    last = monday + timedelta(days=6)
    for day, name in sorted(days.holidays.items()):
        if monday <= day <= last:
            yield short_date(day), name if "bank holiday" in name.lower() else f"{name}, bank holiday"
    for spell in days.spells:
        if spell.university in universities and spell.first <= last and spell.last >= monday:
            yield f"{short_date(spell.first)} to {short_date(spell.last)}", f"{spell.university}: {spell.name}"


def fill(
    weeks: Mapping[date, PlannedWeek],
    events: Iterable[Event],
    due: Iterable[DueCount],
    told: Mapping[int, Sequence[Concern]],
    *,
    actor: Actor,
) -> None:
    """Put events into the week in which they begin (what began before, into the first), and what is due into its."""
    first = min(weeks)
    for event in events:
        weeks[max(first, monday_of(london_day(event.starts_at)))].events.append(planned(event, told, actor=actor))
    for one in due:
        weeks[monday_of(one.day)].due.append(one)
    for week in weeks.values():
        week.concerns.extend(of_week(told.get(one.event.id, ()) for one in week.events))


def planned(event: Event, told: Mapping[int, Sequence[Concern]], *, actor: Actor) -> PlannedEvent:
    """Return an event as the page shows it."""
    venue = event.venue
    return PlannedEvent(
        event,
        title_of(event),
        page_of(event, actor),
        place_words(event.room, venue.name if venue else None, is_online=event.is_online),
        place_end(venue.end if venue else None, has_place=venue is not None, is_online=event.is_online),
        of_event(told.get(event.id, ())),
    )


def months_of(weeks: Iterable[PlannedWeek], dates: TermDates, *, universities: Collection[str]) -> list[PlannedMonth]:
    """Gather weeks by the month of their Thursday, which has most of their days."""
    found = groupby(weeks, key=lambda week: (week.monday + THURSDAY).replace(day=1))
    gathered = ((first, list(several)) for first, several in found)
    return [
        PlannedMonth(first, several, [terms_in(one, several) for one in dates.universities if one.name in universities])
        for first, several in gathered
    ]


def terms_in(university: University, weeks: Sequence[PlannedWeek]) -> MonthTerms:
    """Say which terms of a university touch some weeks: "HT27", "vacation", or that nobody has confirmed any."""
    first, last = weeks[0].monday, weeks[-1].last_day
    known = [term for term in university.terms if term.status is not DateStatus.PLACEHOLDER]
    there = [term.short for term in known if term.first_week <= last and term.last_day >= first]
    labels = [label.label.status for week in weeks for label in week.labels if label.name == university.name]
    blank = UNCONFIRMED if DateStatus.PLACEHOLDER in labels else VACATION
    return MonthTerms(university.name, university.end, ", ".join(there) or blank)
