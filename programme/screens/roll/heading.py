"""What stands above every page of an opening: when and where it is, and where its window stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from programme.core.web.words import clock_time, date_span, plural, short_date, time_range, zone
from programme.engines.calendar.naming import place_end, place_words, shown_title
from programme.engines.calendar.term_weeks.term_dates import UniversityWeek, terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.registration import terms as rules
from programme.engines.registration.queries import terms_of
from programme.engines.registration.states import PlacesBy
from programme.engines.registration.terms import Window
from programme.people.states import Strand
from programme.screens.roll.scopes import rights_over
from programme.strands.cohorts.admission.referees.queries import admission_for

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Opening

LOOKS = {
    Window.DRAFT: ("", "edit", "Draft"),
    Window.CANCELLED: ("", "cross", "Cancelled"),
    Window.POSTPONED: ("wait", "pause", "Postponed"),
    Window.PAST: ("", "check", "Over"),
    Window.CLOSED: ("", "lock", "Closed"),
    Window.NOT_YET: ("wait", "clock", "Not open yet"),
    Window.OPEN: ("ok", "check", "Open"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an opening's window stands: kind of colour, icon, word, and the rest of the sentence."""

    kind: str
    icon: str
    word: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above: `when` and `place` are empty for an opening without events.

    `belongs` is what it was made for, and its address.
    """

    when: str
    place: str
    place_end: str
    weeks: tuple[UniversityWeek, ...]
    standing: Standing
    belongs: tuple[str, str] | None = None


def framed(session: Session, opening: Opening, *, now: datetime) -> dict[str, Any]:
    """Return what every page of an opening is given."""
    return {
        "opening": opening,
        "heading": heading_of(session, opening, now=now),
        "may": rights_over(opening),
        "home": f"/organise/openings/{opening.id}",
        "section": "registrations",
    }


def belongs(session: Session, opening: Opening) -> tuple[str, str] | None:
    """Return what an opening was made for, and where that is: a call is one of a cohort's admission."""
    if opening.events or opening.strand is not Strand.COHORTS:
        return None
    admission = admission_for(session, opening.id)
    if admission is None:
        return None
    return f"Admission: {admission.cohort.title}", f"/organise/cohorts/{admission.cohort_id}/admission"


def heading_of(session: Session, opening: Opening, *, now: datetime) -> Heading:
    """Return what stands above an opening's pages."""
    events = opening.events
    is_known = bool(events) and events[0].date_is_known
    weeks = week_labels(terms(session), london_day(events[0].starts_at)) if is_known else ()
    place, end = place_of(events[0]) if len(events) == 1 else ("", "")
    return Heading(when_of(opening), place, end, weeks, standing_of(opening, now=now), belongs(session, opening))


def when_of(opening: Opening) -> str:
    """Say when it is, in one line."""
    events = opening.events
    if not events:
        return ""
    first, last = events[0], events[-1]
    if not first.date_is_known:
        return "A new date is not known yet"
    if len(events) > 1:
        return f"{plural(len(events), 'event')}, {date_span(first.starts_at, last.starts_at)}"
    times = "all day" if first.all_day else time_range(first.starts_at, first.ends_at)
    return f"{date_span(first.starts_at, first.ends_at)}, {times}"


def when_short(opening: Opening) -> str:
    """Say when it is, for a line of a list."""
    events = opening.events
    if not events:
        return "No date"
    first = events[0]
    if not first.date_is_known:
        return "No date yet"
    year = f"{short_date(first.starts_at)} {london_day(first.starts_at).year}"
    return year if len(events) == 1 else f"{plural(len(events), 'event')} from {year}"


def place_of(event: Event) -> tuple[str, str]:
    """Say where an event is, and at which end of the corridor."""
    place = place_words(event.room, event.venue.name if event.venue else None, is_online=event.is_online)
    end = place_end(event.venue.end if event.venue else None, has_place=bool(place), is_online=event.is_online)
    return place, end


def standing_of(opening: Opening, *, now: datetime) -> Standing:
    """Say where the window stands, and what comes next."""
    window = rules.window(terms_of(opening), now)
    return Standing(*LOOKS[window], next_step(opening, window))


def next_step(opening: Opening, window: Window) -> str:
    """Say until when, or from when."""
    if opening.places_by is PlacesBy.BALLOT and window in {Window.OPEN, Window.CLOSED} and not opening.ballot_seed:
        return f"to be drawn {moment_of(opening.ballot_at) if opening.ballot_at else 'by hand'}"
    if window is Window.OPEN and opening.closes_at:
        return f"until {moment_of(opening.closes_at)}"
    if window is Window.NOT_YET and opening.opens_at:
        return f"opens {moment_of(opening.opens_at)}"
    if window is Window.DRAFT and opening.state.value != "draft":
        return "opens when its event is published"
    return ""


def moment_of(instant: datetime) -> str:
    """Say an instant for a list."""
    return f"{short_date(instant)}, {clock_time(instant)} {zone(instant)}"


def title_of(event: Event) -> str:
    """Return an event's title as people see it."""
    series = event.series.title if event.series else None
    return shown_title(event.title, is_known=event.title_is_known, series=series)
