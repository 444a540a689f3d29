"""The kinds of letter that remind, for the catalogue, with an invented example of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from programme.engines.mail.ports import Letter, Purpose
from programme.engines.mail.states import Scope
from programme.engines.reminders.models import Audience
from programme.engines.reminders.outgoing.sending import still_wanted
from programme.engines.reminders.ports import Side
from programme.flows.notices.messages import blocks_of
from programme.flows.notices.reminders import events, offers, openings
from programme.flows.notices.reminders.words import NOTICES
from programme.flows.subjects.events import EVENTS
from programme.flows.subjects.offers import ENDS, OFFERS
from programme.flows.subjects.openings import OPENINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from programme.engines.registration.links import Links

SITE = "https://programme.example.ac.uk"
STARTS = datetime(2027, 2, 16, 14, tzinfo=UTC)
DECLINE = f"{SITE}/letters/1-example/unsubscribe"
ROLLS = [("Quantum sensing for chemists", "18 of 20 with a place, 3 waiting", f"{SITE}/organise/openings/1")]


def facts() -> dict[str, Any]:
    """Return invented facts of an event."""
    return {
        "name": "Alice Aldgrove",
        "title": "Quantum sensing for chemists",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=1),
        "when": "Tuesday 16 February 2027, 14:00 to 15:00 GMT",
        "day": "tomorrow",
        "clocks": "",
        "place": "Lecture theatre 2, Central Teaching Hub",
        "address": "Mount Pleasant, L3 5TR",
        "gate": "",
        "online_link": "",
        "weeks": [
            {"end": "liverpool", "name": "Liverpool", "words": "Semester 2, week 3"},
            {"end": "oxford", "name": "Oxford", "words": "Tuesday of 5th week, Hilary 2027"},
        ],
        "event_url": f"{SITE}/events/quantum-sensing-for-chemists-1",
        "manage_url": f"{SITE}/registrations/1-example",
        "contact": "Olga Oakhurst",
        **written(""),
        "why": "Sent because you have a place.",
    }


def written(text: str) -> dict[str, Any]:
    """Return what an organiser wrote for a rule."""
    return {"own_subject": "", "own_text": text, "blocks": blocks_of(text)}


def notice() -> Mapping[str, Any]:
    """Return invented variables of a notice."""
    told = {**facts(), "notice": NOTICES[Audience.WAITING, Side.BEFORE]}
    return {**told, "why": EVENTS.audiences[Audience.WAITING].why, "unsubscribe_url": DECLINE}


def briefing() -> Mapping[str, Any]:
    """Return invented variables of a briefing."""
    told = {**facts(), "rolls": ROLLS, "home_url": f"{SITE}/organise/events/1", "is_over": False}
    return {**told, "why": EVENTS.audiences[Audience.ORGANISERS].why}


def closing() -> Mapping[str, Any]:
    """Return invented variables of the end of registration."""
    return {
        "name": "Alice Aldgrove",
        "title": "Quantum sensing for chemists",
        "closes_at": STARTS - timedelta(days=7),
        "closes": "Tuesday 9 February, 14:00 GMT, in 2 days",
        "is_over": False,
        "is_offer": False,
        "is_invited": False,
        "days": [("Quantum sensing for chemists", "Tuesday 16 February 2027, 14:00 to 15:00 GMT")],
        "opening_url": f"{SITE}/openings/quantum-sensing-for-chemists-1/registration",
        "manage_url": f"{SITE}/registrations/1-example",
        "home_url": f"{SITE}/organise/openings/1",
        "contact": "Olga Oakhurst",
        "rolls": ROLLS,
        **written(""),
        "why": OPENINGS.audiences[Audience.GROUP].why,
        "unsubscribe_url": DECLINE,
    }


def offer() -> Mapping[str, Any]:
    """Return invented variables of the deadline of an offer."""
    return {
        "name": "Alice Aldgrove",
        "title": "Quantum sensing for chemists",
        "until": "Monday 8 February, 09:00 GMT, tomorrow",
        "days": [("Quantum sensing for chemists", "Tuesday 16 February 2027, 14:00 to 15:00 GMT")],
        "manage_url": f"{SITE}/registrations/1-example",
        "contact": "Olga Oakhurst",
        **written(""),
        "why": OFFERS.audiences[Audience.OFFERED].why,
    }


def of_offers(links: Links) -> Letter:
    """Return the kind of letter that reminds of an offer; of each opening's there are several deadlines."""
    return Letter(
        ENDS,
        "An offered place can be taken soon no more",
        Purpose.SERVICE,
        partial(offers.compose, links=links),
        offer,
        still_wanted=offers.still_wanted,
        compose_all=partial(offers.compose_all, links=links),
    )


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter that remind; what is more than a service of one's own place can be declined."""
    told: tuple[tuple[str, str, Any, Any, Callable[[], Mapping[str, Any]], Scope | None], ...] = (
        ("event_reminder", "A reminder of an event", events, EVENTS, facts, None),
        ("event_notice", "A word before or after an event", events, EVENTS, notice, Scope.SERVICE),
        ("event_briefing", "An event in numbers, for its organisers", events, EVENTS, briefing, None),
        ("opening_closes", "Registration is about to end", openings, OPENINGS, closing, Scope.SERVICE),
        ("opening_briefing", "A registration in numbers, for its organisers", openings, OPENINGS, closing, None),
    )
    of_things = tuple(
        Letter(
            name,
            title,
            Purpose.SERVICE,
            partial(written_by.compose, links=links),
            example,
            still_wanted=partial(still_wanted, subject=subject),
            compose_all=partial(written_by.compose_all, links=links),
            declinable=declinable,
        )
        for name, title, written_by, subject, example, declinable in told
    )
    return (*of_things, of_offers(links))
