"""The panel one acts on: each opening of an event in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.core.web.words import deadline, join_words, plural
from programme.engines.registration.states import PlacesBy
from programme.engines.registration.terms import Window
from programme.flows.sharing.eligibility import IN_BRIEF
from programme.flows.sharing.words import kept_words, names_kept, parts_of
from programme.screens.calendar.shown.left import bar_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from programme.flows.listing.places import OpenPlaces
    from programme.flows.sharing.words import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One opening: a heading, sentences, the bar and its words, and the button where one may register."""

    title: str
    name: str
    sentences: tuple[str, ...]
    bar: tuple[int, int, int] | None
    parts: tuple[Part, ...]
    shares: tuple[tuple[str, str, int], ...]
    elsewhere: int
    verb: str
    url: str
    note: str
    closes: str


def panel_of(openings: Iterable[OpenPlaces], *, today: datetime) -> list[Panel]:
    """Return a panel for each opening; what is open comes first."""
    told = sorted(openings, key=lambda place: (place.window is not Window.OPEN, place.opening_id))
    return [one_panel(place, today=today) for place in told]


def one_panel(place: OpenPlaces, *, today: datetime) -> Panel:
    """Return the panel of one opening."""
    is_open = place.window is Window.OPEN
    bar = bar_of([place])
    return Panel(
        title=heading(place),
        name=place.title,
        sentences=tuple(sentences(place, today)),
        bar=bar,
        parts=parts_of(place.tally, place.homes, places=bar[2]) if bar else (),
        shares=(("liverpool", "Liverpool", place.liverpool), ("oxford", "Oxford", place.oxford)) if bar else (),
        elsewhere=place.tally.holding - place.liverpool - place.oxford,
        verb=verb(place) if is_open else "",
        url=f"/openings/{slug(place.title, place.opening_id)}/registration",
        note=place.note,
        closes=f"Closes {deadline(place.closes_at, today)}." if is_open and place.closes_at else "",
    )


def heading(place: OpenPlaces) -> str:
    """Say where the opening stands, in a few words."""
    if place.window is Window.NOT_YET:
        return "Registration is not open yet"
    if place.window is not Window.OPEN:
        return "Registration has closed"
    if place.places_by is PlacesBy.BALLOT:
        return "Places by ballot"
    if place.places_by is PlacesBy.DECISION:
        return "Places by application"
    return "Open to register" if place.free is None else places_left(place, place.free)


def places_left(place: OpenPlaces, free: int) -> str:
    """Say how many places are left, or why none is for a newcomer."""
    if place.is_full:
        return "People wait for what is free" if free else "All places are taken"
    return f"{plural(free, 'place')} left"


def sentences(place: OpenPlaces, today: datetime) -> list[str]:
    """Say the rest: capacity, waiting list, ballot, who may register, when it opens."""
    is_open, told = place.window is Window.OPEN, []
    if place.window is Window.NOT_YET and place.opens_at:
        told.append(f"Registration opens {deadline(place.opens_at, today)}.")
    if is_open:
        told += numbers(place, today)
    if is_open and place.is_full:
        told.append(waiting_words(place))
    elif is_open and place.places_by is PlacesBy.FIRST_COME and place.tally.pool == 0:
        told.append(others_words(place))
    if place.places_by is PlacesBy.BALLOT and place.ballot_at:
        told.append(f"Drawn {deadline(place.ballot_at, today)}; everybody who put their name down is told.")
    if place.eligibility in IN_BRIEF:
        told.append(IN_BRIEF[place.eligibility])
    return told


def numbers(place: OpenPlaces, today: datetime) -> list[str]:
    """Say how many places there are, at how many parts of a whole, and for whom some are kept."""
    told = [capacity_words(place)] if place.tally.capacity is not None else []
    if 0 < len(place.parts.free) < len(place.parts.all):
        told.append(f"There are places at {len(place.parts.free)} of its {len(place.parts.all)} parts.")
    return [*told, kept_words(place.tally, place.homes, now=today)] if place.tally.shares else told


def capacity_words(place: OpenPlaces) -> str:
    """Say how many places there are; where the room has fewer chairs left, they are what counts at this event."""
    tally = place.tally
    if place.places_by is not PlacesBy.FIRST_COME:
        return f"{plural(tally.capacity or 0, 'place')} in all."
    if tally.chairs is not None and tally.chairs < (tally.capacity or 0) - tally.holding:
        return room_words(place, tally.chairs)
    return f"{tally.holding} of {plural(tally.capacity or 0, 'place')} taken."


def room_words(place: OpenPlaces, chairs: int) -> str:
    """Say how many chairs are left, at one event or over the parts of a whole."""
    if place.parts.all:
        return f"Its rooms have chairs for {chairs} more." if chairs > 0 else "Its rooms are full."
    return f"The room has {plural(chairs, 'chair')} left." if chairs > 0 else "The room is full."


def waiting_words(place: OpenPlaces) -> str:
    """Say what a newcomer may expect when everything is taken."""
    if not place.has_waiting_list:
        return "There is no waiting list."
    people = plural(place.tally.waiting, "person waits", "people wait")
    ahead = f"{people} already. " if place.tally.waiting else ""
    return f"{ahead}You can join the waiting list: whoever is next hears as soon as a place is free."


def others_words(place: OpenPlaces) -> str:
    """Say what becomes of those for whom nothing is kept, where nothing else is left."""
    names = join_words(names_kept(place.tally, place.homes))
    others = "join the waiting list" if place.has_waiting_list else "cannot register now: there is no waiting list"
    return f"Every other place is taken. Members of {names} have a place at once; all others {others}."


def verb(place: OpenPlaces) -> str:
    """Return what the button does."""
    if place.places_by is PlacesBy.DECISION:
        return "Apply"
    if place.places_by is PlacesBy.BALLOT:
        return "Enter the ballot"
    if place.is_full:
        return "Join the waiting list" if place.has_waiting_list else ""
    return "Register"
