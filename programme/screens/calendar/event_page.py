"""The page of one event, and its file for a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect

from programme.core.web.converters import slug
from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.pictures.queries import picture_of
from programme.engines.calendar.queries.former import former_starts
from programme.engines.calendar.queries.pages import around, event_with_everything
from programme.engines.calendar.sight import event_scope, may_see, may_see_series, sight_of
from programme.engines.calendar.states import ACCESS_FACTS, Visibility
from programme.engines.calendar.term_weeks.term_dates import UniversityWeek, terms, week_labels
from programme.engines.calendar.times import london_day, start_of_day
from programme.engines.registration.states import HOLDING
from programme.engines.registration.terms import Window
from programme.extensions import database_session
from programme.flows.listing.places import Happening, OpenPlaces, places_at
from programme.flows.listing.standings import Standing, standings_of
from programme.flows.listing.wholes import places_of_wholes
from programme.people.guards import actor, public
from programme.people.permissions import Verb, may
from programme.screens.calendar.asking import base_url
from programme.screens.calendar.shown.drawing import kept, page, part
from programme.screens.calendar.shown.event import EventFacts, Reader, facts_of, paragraphs
from programme.screens.calendar.shown.panel import panel_of
from programme.screens.calendar.shown.search import offers_of, search_data
from programme.screens.calendar.shown.timetable import days_at
from programme.screens.clashing import NOTHING, my_clashes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.timetable.drawing import Day
    from programme.flows.clashing.words import Warnings

blueprint = Blueprint("event_page", __name__)


@dataclass(frozen=True, slots=True)
class Found:
    """An event that the reader may see, its title as shown, and where the reader stands."""

    event: Event
    title: str
    standing: Standing | None

    @property
    def slug(self) -> str:
        """Return the right end of its address."""
        return slug(self.title, self.event.id)


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that the page is drawn from."""

    facts: EventFacts
    weeks: tuple[UniversityWeek, ...]
    openings: tuple[OpenPlaces, ...]
    standing: Standing | None
    is_public: bool
    base_url: str
    days: tuple[Day, ...] = ()
    clashes: Warnings = NOTHING
    former: tuple[datetime, ...] = ()


@blueprint.get("/events/<slug:ref>")
@public
@kept
def event(ref: tuple[int, str]) -> Any:
    """Show the event, at the address that its title has now."""
    session = database_session()
    found = found_event(session, ref[0])
    if ref[1] != found.slug:
        return redirect(f"/events/{found.slug}", 301)
    today, beside = london_day(g.now), around(session, found.event, actor=actor())
    places = openings_of(session, found.event)
    if not places and beside.parts:
        places = places_of_wholes(session, [found.event.id], actor=actor(), now=g.now).get(found.event.id, ())
    is_public = found.event.visibility is Visibility.PUBLIC and found.event.published_at is not None
    drawn = Drawn(
        facts=facts_of(
            found.event,
            beside,
            found.title,
            picture=picture_of(session, found.event.id),
            reader=reader_of(found),
            now=g.now,
            today=start_of_day(today),
        ),
        weeks=week_labels(terms(session), london_day(found.event.starts_at)),
        openings=places,
        standing=found.standing,
        is_public=is_public,
        base_url=base_url(),
        days=days_at(session, found.event, beside.parts),
        clashes=my_clashes([found.event]) if found.standing or may_enter(places) else NOTHING,
        former=former_starts(session, found.event) if is_public else (),
    )
    return page(
        "calendar/event.html",
        body=part("calendar/parts/event_body.html", **variables(drawn)),
        facts=drawn.facts,
        is_public=drawn.is_public,
        canonical=f"{base_url()}{drawn.facts.url}",
        base_url=base_url(),
    )


def found_event(session: Session, event_id: int) -> Found:
    """Return the event, or 404 to whoever may not see it: its existence is nobody's business."""
    return seen_event(session, event_id) or abort(404)


def seen_event(session: Session, event_id: int) -> Found | None:
    """Return the event, if the reader may see it."""
    event = event_with_everything(session, event_id)
    if event is None:
        return None
    standing = standings_of(session, actor().person_id, [event.id]).get(event.id)
    if not may_see(sight_of(event), actor(), is_registered=standing is not None):
        return None
    series = event.series.title if event.series and may_see_series(event.series, actor()) else None
    return Found(event, shown_title(event.title, is_known=event.title_is_known, series=series), standing)


def reader_of(found: Found) -> Reader:
    """Say what is told to this reader besides what everybody sees."""
    event = found.event
    return Reader(
        may_organise=may(actor(), Verb.SEE_DRAFT, event_scope(event)),
        is_admitted=found.standing is not None and found.standing.state in HOLDING,
        came=found.standing is not None and found.standing.came,
        sees_series=event.series is not None and may_see_series(event.series, actor()),
        sees_whole=event.part_of is not None and may_see(sight_of(event.part_of), actor()),
    )


def openings_of(session: Session, event: Event) -> tuple[OpenPlaces, ...]:
    """Return what one can register for, at this event."""
    happening = Happening(event.id, event.starts_at, event.room_capacity)
    return places_at(session, [happening], now=g.now).get(event.id, ())


def may_enter(places: Iterable[OpenPlaces]) -> bool:
    """Whether one may register for any of what an event opens: only then it matters what clashes."""
    return any(place.window is Window.OPEN for place in places)


def variables(drawn: Drawn) -> dict[str, Any]:
    """Turn the values of the page into what its template shows."""
    facts = drawn.facts
    has_places = any(not place.is_full for place in drawn.openings)
    offers = offers_of(facts, base_url=drawn.base_url, has_openings=bool(drawn.openings), is_available=has_places)
    return {
        "facts": facts,
        "about": paragraphs(facts.description),
        "weeks": [{"end": week.end, "name": week.name, "words": week.label.long} for week in drawn.weeks],
        "is_provisional": any(week.label.is_provisional for week in drawn.weeks),
        "is_on": facts.status is EntryStatus.CONFIRMED,
        "panels": panel_of(drawn.openings, today=facts.today),
        "standing": drawn.standing,
        "days": drawn.days,
        "clashes": drawn.clashes,
        "facts_of_access": ACCESS_FACTS,
        "address": f"{drawn.base_url}{facts.url}",
        "data": search_data(facts, base_url=drawn.base_url, offers=offers, former=drawn.former)
        if drawn.is_public
        else None,
    }
