"""What would be made: each date with the weeks of both universities, and what there is to think about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.engines.calendar.data.known_dates import bank_holidays
from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.days.closures import closures
from programme.engines.calendar.queries.days.rooms import taken_at
from programme.engines.calendar.repeating.dates import (
    Avoided,
    OneDate,
    Outcome,
    Repeat,
    Watched,
    dates_of,
)
from programme.engines.calendar.repeating.typed import titled
from programme.engines.calendar.sight import visible_to
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import UniversityWeek, terms, week_labels
from programme.screens.organiser.days import almanac, holidays
from programme.screens.organiser.series.dates.asking import all_universities, terms_by_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.forms.several.dates import DatesForm
    from programme.engines.calendar.models import Series
    from programme.people.permissions import Actor

LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """Which dates somebody looked at, by their names, and which of them are ticked.

    What nobody looked at yet is ticked, unless it is in the past or the series has it: that would be made by a slip.
    """

    seen: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()

    @property
    def left_out(self) -> frozenset[str]:
        """Return the dates whose ticks were taken off."""
        return self.seen - self.taken


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date: `key` names it in the form, `is_taken` says whether it is ticked, `title` is "" where it is not."""

    key: str
    date: OneDate
    title: str
    is_taken: bool
    weeks: tuple[UniversityWeek, ...]
    thoughts: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be made, in order, and what is skipped; how many dates are left out until somebody ticks them."""

    lines: list[DateLine]
    outcome: Outcome
    unticked: int = 0

    @property
    def taken(self) -> list[DateLine]:
        """Return the dates that are ticked."""
        return [line for line in self.lines if line.is_taken]

    @property
    def keys(self) -> list[str]:
        """Return the names of all dates, ticked or not."""
        return [line.key for line in self.lines]


def preview_of(
    session: Session, series: Series, form: DatesForm, *, looked: Looked, actor: Actor, now: datetime
) -> Preview:
    """Reckon what a valid form would make; raises Refusal where it makes no sense."""
    outcome = dates_of(repeat_of(session, form))
    keys = [key_of(one) for one in outcome.dates]
    there = starts_in(session, series, actor)
    unasked = {key_of(one) for one in outcome.dates if one.ends_at <= now or one.starts_at in there} - looked.seen
    numbers = numbered(keys, unasked | looked.left_out)
    titles = [
        titled(form.title.data, numbers[key], one.day) if key in numbers else ""
        for key, one in zip(keys, outcome.dates, strict=True)
    ]
    if any(len(title) > LONGEST_TITLE for title in titles):
        raise Refusal(
            f"Keep the title to {LONGEST_TITLE} characters, what stands for the braces included.", field="title"
        )
    dates = terms(session)
    thoughts = thoughts_on(session, form, outcome, there, actor=actor, now=now)
    lines = [
        DateLine(key, one, title, key in numbers, week_labels(dates, one.day), thoughts[one.starts_at])
        for key, one, title in zip(keys, outcome.dates, titles, strict=True)
    ]
    return Preview(lines, outcome, len(unasked))


def numbered(keys: Collection[str], left_out: Collection[str]) -> dict[str, int]:
    """Number the dates that are not left out, from 1 on."""
    return {key: number for number, key in enumerate((key for key in keys if key not in left_out), start=1)}


def key_of(one: OneDate) -> str:
    """Name a date by the instant at which it begins."""
    return f"{one.starts_at.astimezone(UTC):%Y%m%dT%H%MZ}"


def repeat_of(session: Session, form: DatesForm) -> Repeat:
    """Return the rule that a valid form tells."""
    dates = terms(session)
    begins, ends = form.begins.time, form.ends.time
    if begins is None or ends is None:
        message = "a rule is made of a form that was validated"
        raise ValueError(message)
    return Repeat(
        form.way_typed(terms_by_name(dates)),
        begins,
        ends,
        avoided_in(session, form),
        tuple(
            Watched(place.name, place.terms)
            for row, place in zip(all_universities(session), dates.universities, strict=True)
            if row.id in (form.terms_of.data or ())
        ),
    )


def avoided_in(session: Session, form: DatesForm) -> Avoided:
    """Return what is to be skipped."""
    chosen = [one for one in form.skip_closures.data or () if one]
    closed = closures(session, chosen) if chosen else ()
    if not form.skip_holidays.data:
        return Avoided(closures=closed)
    return Avoided(holidays(), closed, max(row.day for row in bank_holidays()))


def thoughts_on(
    session: Session, form: DatesForm, outcome: Outcome, there: Collection[datetime], *, actor: Actor, now: datetime
) -> dict[datetime, list[str]]:
    """Return what there is to think about, by the start of each date; `there` are the starts that the series has."""
    known = almanac(session)
    spans = [(one.starts_at, one.ends_at) for one in outcome.dates]
    rooms = taken_at(session, spans, venue_id=form.venue.data, room=form.room.data or "", actor=actor)
    return {
        one.starts_at: [
            *one.warnings,
            *known.on(one.day),
            *(["The series has an event then already"] if one.starts_at in there else []),
            *(f"In that room: {title}" for title in rooms.get((one.starts_at, one.ends_at), ())),
            *(["In the past"] if one.ends_at <= now else []),
        ]
        for one in outcome.dates
    }


def starts_in(session: Session, series: Series, actor: Actor) -> set[datetime]:
    """Return when the events of a series begin that are not cancelled, as far as `actor` may see them."""
    theirs = select(Event.starts_at).where(Event.series_id == series.id, Event.state != EventState.CANCELLED)
    return set(session.scalars(theirs.where(visible_to(actor))))
