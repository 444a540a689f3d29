"""The organisers' list of events, and one event's page: where it stands and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from sqlalchemy.orm import joinedload

from programme.core.web.converters import slug
from programme.core.web.lists import here_with, page_number, page_of
from programme.engines.calendar import sight
from programme.engines.calendar.actions.values import told_of, when_words
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import has_place, place_end, place_words
from programme.engines.calendar.pictures.queries import picture_of
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import london_day
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.states import OpeningState
from programme.extensions import database_session
from programme.flows import scheduling
from programme.flows.reaching import reach_of
from programme.flows.warning.finding import of_events
from programme.flows.warning.words import loud, thoughts_of
from programme.people.guards import actor, needs, organisers
from programme.people.permissions import Verb, may
from programme.screens.calendar.shown.picture import shown_picture
from programme.screens.organiser.events import queries
from programme.screens.organiser.events.form import choices
from programme.screens.organiser.events.previews import weeks_on
from programme.screens.organiser.scopes import of_event
from programme.screens.organiser.subscribed.pages import source_of
from programme.screens.organiser.trail.lines import history
from programme.screens.roll.heading import standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.registration.models import Opening
    from programme.flows.warning.words import Thoughts

blueprint = Blueprint("organise_events", __name__, url_prefix="/organise/events")
STATE_WORDS = {
    EventState.DRAFT: "drafts",
    EventState.PUBLISHED: "published",
    EventState.POSTPONED: "postponed",
    EventState.CANCELLED: "cancelled",
}


@blueprint.get("")
@organisers
def events() -> Any:
    """List events: ours that lie ahead, unless something else is asked for."""
    session, asked = database_session(), queries.read(request.args)
    page = page_of(session, queries.listed(actor(), asked, now=g.now), number=page_number(request.args.get("page")))
    counts = queries.counts_by_state(session, actor(), asked, now=g.now)
    rows = [row_of(event) for event in page]
    ours = [row["event"] for row in rows if row["is_shown"]]
    return render_template(
        "organiser/events/events.html",
        page=page,
        asked=asked,
        rows=rows,
        has_ticks=any(row["may_tick"] for row in rows),
        taken=queries.places_taken(session, [row["event"].id for row in rows if row["is_ours"]]),
        warned={number: loud(found) for number, found in of_events(session, ours, actor=actor(), now=g.now).items()},
        tally=tally(counts, asked),
        heads=heads(asked),
        may_create=bool(choices.leads(session, actor())),
        queries=queries,
    )


def tally(counts: Mapping[EventState, int], asked: queries.Asked) -> list[dict[str, Any]]:
    """Return the counts that are filters."""
    every = {
        "count": sum(counts.values()),
        "word": "all",
        "url": here_with(state=None, page=None),
        "current": not asked.state,
    }
    return [
        every,
        *[
            {
                "count": counts.get(state, 0),
                "word": word.removesuffix("s") if counts.get(state) == 1 else word,
                "url": here_with(state=state.value, page=None),
                "current": asked.state is state,
                "kind": "wait" if state is EventState.POSTPONED and counts.get(state) else "",
            }
            for state, word in STATE_WORDS.items()
        ],
    ]


def heads(asked: queries.Asked) -> list[Any]:
    """Return the heads of the table, those that sort with their addresses."""
    return [
        head("Title", "title", asked),
        head("State", "state", asked),
        head("When", "date", asked),
        "Where",
        "Strand",
        {"word": "Places taken", "n": True},
    ]


def head(word: str, key: str, asked: queries.Asked) -> dict[str, Any]:
    """Return one head that sorts; pressed again it turns round."""
    here = asked.sort == key
    direction = ("descending" if asked.descending else "ascending") if here else ""
    turned = f"-{key}" if here and not asked.descending else key
    return {"word": word, "url": here_with(sort=turned, page=None), "direction": direction}


def row_of(event: Event) -> dict[str, Any]:
    """Return what a line of the list shows; others' events lead to their public pages."""
    scope = sight.event_scope(event)
    ours = may(actor(), Verb.SEE_DRAFT, scope)
    address = f"/organise/events/{event.id}" if ours else f"/events/{slug(event.title, event.id)}"
    place = place_words(event.room, event.venue.name if event.venue else None, is_online=event.is_online)
    end = place_end(event.venue.end if event.venue else None, has_place=bool(place), is_online=event.is_online)
    below = event.series.title if event.series else ("" if ours else f"Led by {event.lead_organisation.short_name}")
    may_tick = event.state is not EventState.CANCELLED and may(actor(), Verb.PUBLISH, scope)
    rights = {"is_ours": may(actor(), Verb.SEE_PEOPLE, scope), "may_tick": may_tick, "is_shown": ours}
    return {"event": event, "url": address, "place": place, "end": end, "below": below, **rights}


@blueprint.get("/<id:event_id>")
@needs(Verb.SEE_DRAFT, of_event)
def event(event_id: int) -> Any:
    """Show one event to those who run it."""
    session = database_session()
    loaded = [joinedload(Event.venue), joinedload(Event.series), joinedload(Event.part_of)]
    found = session.get_one(Event, event_id, options=[*loaded, joinedload(Event.lead_organisation)])
    scope = sight.event_scope(found)
    openings = [one for one in queries.openings_of(session, event_id) if is_known(one)]
    return render_template(
        "organiser/events/event.html",
        event=found,
        told=told_of(found),
        when=when_words(told_of(found)),
        weeks=weeks_on(session, london_day(found.starts_at)) if found.date_is_known else [],
        thoughts=to_think_about(found),
        may={verb.name: may(actor(), verb, scope) for verb in Verb},
        edits_series=found.series is not None and may(actor(), Verb.EDIT, sight.series_scope(found.series)),
        next_step=next_step(found),
        reach=reach_of(session, found, actor=actor(), now=g.now),
        has_people=scheduling.reach(session, event_id) > 0,
        fillings=queries.fillings(session, openings),
        counted={one.id for one in openings if may(actor(), Verb.SEE_PEOPLE, opening_scope(one))},
        standings={opening.id: standing_of(opening, now=g.now) for opening in openings},
        parts=queries.parts_of(session, event_id),
        picture=shown_picture(picture_of(session, event_id)),
        source=source_of(session, event_id, actor()),
        history=history(session, "event", event_id, reader=actor()),
    )


def to_think_about(event: Event) -> Thoughts:
    """Return what there is to think about before an event takes place."""
    found = of_events(database_session(), [event], actor=actor(), now=g.now, counts_people=True)
    return thoughts_of(found.get(event.id, []))


def is_known(opening: Opening) -> bool:
    """Whether the acting person may know of an opening: who shares an event need not share what admits to it."""
    return opening.state is not OpeningState.DRAFT or may(actor(), Verb.SEE_DRAFT, opening_scope(opening))


def next_step(event: Event) -> str:
    """Say what an event still lacks, the most pressing thing first."""
    if event.state is EventState.CANCELLED or event.ends_at <= g.now:
        return ""
    if not event.date_is_known:
        return "It has no date. When there is one, reinstate it, and everybody with a place is told."
    if not has_place(event):
        return "It has no venue, and one cannot take part online. People see “not known yet”."
    if not event.title_is_known:
        return "Its title is still to be announced."
    return "Nobody else sees this draft until it is published." if event.state is EventState.DRAFT else ""
