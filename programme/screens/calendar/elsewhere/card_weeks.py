"""The weeks of a term card as its template shows them: days with their events, and what is closed when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from programme.core.web.words import date_span
from programme.engines.calendar.term_weeks.cards import CardTerm, CardWeek, weeks_of_card
from programme.engines.calendar.term_weeks.term_dates import week_labels
from programme.engines.calendar.times import london_day
from programme.screens.calendar.shown.lines import ShownEvent, Sources, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.term_weeks.term_dates import TermDates, University
    from programme.screens.organiser.days import Almanac


@dataclass(frozen=True, slots=True)
class CardDay:
    """A day of a card and its events."""

    date: date
    events: tuple[ShownEvent, ...]


@dataclass(frozen=True, slots=True)
class ShownCardWeek:
    """A week of a card; `beside` is the week of the other universities, `notes` what is closed in it."""

    title: str
    dates: str
    beside: tuple[dict[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    is_numbered: bool
    days: tuple[CardDay, ...]


def shown_weeks(
    card: CardTerm,
    lines: Sequence[EventLine],
    dates: TermDates,
    known: Almanac,
    university: University,
    *,
    now: datetime,
) -> list[ShownCardWeek]:
    """Return the weeks that stand on the card: those of the term, and others that have something."""
    sources = Sources(london_day(now), dates, {}, {})
    by_day = {
        day: tuple(shown(line, sources) for line in found)
        for day, found in groupby(lines, key=lambda line: london_day(line.starts_at))
    }
    return [
        ShownCardWeek(
            title=week.title,
            dates=span(week),
            beside=tuple(beside(week, dates, university)),
            notes=tuple(notes(week, known)),
            is_numbered=week.is_numbered,
            days=tuple(CardDay(day, by_day[day]) for day in days(week) if day in by_day),
        )
        for week in weeks_of_card(card)
        if week.is_of_term or any(day in by_day for day in days(week))
    ]


def days(week: CardWeek) -> Iterator[date]:
    """Go through the days of a week."""
    for number in range((week.last_day - week.first_day).days + 1):
        yield week.first_day + timedelta(days=number)


def span(week: CardWeek) -> str:
    """Say from when to when a week goes, as short as a head of a narrow column needs it."""
    words = date_span(week.first_day, week.last_day).rpartition(" ")[0]
    return " ".join(part for part in words.split() if not part.endswith("day"))


def beside(week: CardWeek, dates: TermDates, university: University) -> Iterator[dict[str, str]]:
    """Return the week at the other universities, by its first working day."""
    monday = week.first_day + timedelta(days=-week.first_day.weekday() % 7)
    for other in week_labels(dates, monday):
        if other.slug != university.slug and other.label.in_term:
            yield {"end": other.end, "words": other.label.short}


def notes(week: CardWeek, known: Almanac) -> Iterator[tuple[str, str]]:
    """Say what is closed in a week, in order; days in a row that say the same are said once."""
    runs: list[tuple[list[date], str]] = []
    for day in days(week):
        for words in known.on(day):
            going_on = next((run for run, said in runs if said == words and run[-1] == day - timedelta(days=1)), None)
            if going_on is None:
                runs.append(([day], words))
            else:
                going_on.append(day)
    for run, words in runs:
        yield date_span(run[0], run[-1]).rpartition(" ")[0], words
