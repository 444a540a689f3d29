"""The term card: a term of one university, week by week, for paper that folds to A5 and for the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from programme.core.web.lists import note_unread
from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.conditions import within
from programme.engines.calendar.queries.lists import listed
from programme.engines.calendar.term_weeks.cards import CardTerm, card_terms, term_for
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.times import london_day, start_of_day
from programme.engines.registration.door.pictures import svg_of
from programme.extensions import database_session
from programme.people.guards import public
from programme.people.permissions import NOBODY
from programme.screens.calendar.asking import asked, base_url, page_address, said
from programme.screens.calendar.elsewhere.card_weeks import shown_weeks
from programme.screens.calendar.listing import choices, wholes
from programme.screens.calendar.shown.drawing import kept, page
from programme.screens.organiser.days import almanac

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from programme.engines.calendar.queries.filters import Filters
    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.term_weeks.term_dates import University

blueprint = Blueprint("term_card", __name__)

HERE = "/term-card"
MOST_EVENTS = 250
"""What two sheets of paper hold, and more than any term of one strand has."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A university's cards."""

    university: University
    cards: Sequence[CardTerm]


@blueprint.get(HERE)
@public
@kept
def term_card() -> Any:
    """Show the term that the address names, else that of today or the next; of what everybody may see."""
    session, filters, dates = database_session(), asked().filters.without_dates, terms(database_session())
    shelves = [Shelf(place, card_terms(place.terms)) for place in dates.universities]
    found = chosen(shelves, filters, london_day(g.now))
    if found is None:
        return page("calendar/elsewhere/no_card.html", filters=filters, list_address=page_address("/events", filters))
    shelf, card = found
    lines = lines_of(card, filters)
    return page(
        "calendar/elsewhere/term_card.html",
        card=card,
        university=shelf.university,
        weeks=shown_weeks(card, lines[:MOST_EVENTS], dates, almanac(session), shelf.university, now=g.now),
        is_cut=len(lines) > MOST_EVENTS,
        is_empty=not lines,
        following=None if lines else next_card(shelf, card, filters),
        neighbours=[link(shelf, card, step, filters) for step in (-1, 1)],
        filters=filters,
        choices={**choices(session), "term": term_choices(shelves, card, london_day(g.now))},
        about=[words for name, words in said(filters) if name != "strand"],
        printed_on=london_day(g.now),
        list_address=page_address("/events", filters),
        **way_back(filters),
    )


def chosen(shelves: Sequence[Shelf], filters: Filters, today: date) -> tuple[Shelf, CardTerm] | None:
    """Return the card that the address names; else today's of the university asked for, or of the first with any."""
    wanted = request.args.get("term", "")
    for shelf in shelves:
        for card in shelf.cards:
            if card.key == wanted:
                return shelf, card
    if wanted:
        note_unread("term")
    for shelf in sorted(shelves, key=lambda shelf: shelf.university.slug != filters.university):
        current = term_for(shelf.cards, today)
        if current is not None:
            return shelf, current
    return None


def lines_of(card: CardTerm, filters: Filters) -> list[EventLine]:
    """Return the events of a card, and one more than it holds where there are more."""
    stretch = within(start_of_day(card.shown_from), start_of_day(card.until))
    where = (stretch, Event.starts_at >= start_of_day(card.shown_from), *wholes(filters))
    return listed(database_session(), *where, actor=NOBODY, filters=filters, limit=MOST_EVENTS + 1)


def next_card(shelf: Shelf, card: CardTerm, filters: Filters) -> dict[str, str] | None:
    """Return the next card of a university that has anything on it."""
    later = (Event.starts_at >= start_of_day(card.until), *wholes(filters))
    found = listed(database_session(), *later, actor=NOBODY, filters=filters, limit=1)
    holding = (one for one in shelf.cards if found and one.shown_from <= london_day(found[0].starts_at) < one.until)
    return next((card_link(one, filters) for one in holding), None)


def link(shelf: Shelf, card: CardTerm, step: int, filters: Filters) -> dict[str, str] | None:
    """Return the card beside another one."""
    place = list(shelf.cards).index(card) + step
    return card_link(shelf.cards[place], filters) if 0 <= place < len(shelf.cards) else None


def card_link(card: CardTerm, filters: Filters) -> dict[str, str]:
    """Return a card's address, and its name."""
    return {"url": page_address(HERE, filters, term=card.key), "word": card.label}


def term_choices(shelves: Sequence[Shelf], card: CardTerm, today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the terms that one may choose, by university: those of a year back and on, and the one shown."""
    since = min(card.first_day, today - timedelta(days=366))
    return [
        (shelf.university.name, [(one.key, one.label) for one in shelf.cards if one.until > since])
        for shelf in shelves
        if shelf.cards
    ]


def way_back(filters: Filters) -> dict[str, Any]:
    """Return where paper leads to: the page that subscribes to the same, as an address and as a code."""
    address = base_url() + page_address("/subscribe", replace(filters, first_day=None, last_day=None))
    return {"address": address, "code": svg_of(address, title="The address beside it, as a code for telephones")}
