"""What a list says of the places of an event or of a whole, in words and as a bar. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.words import join_words, plural, short_date
from programme.engines.registration.states import PlacesBy
from programme.engines.registration.terms import Window
from programme.flows.sharing.words import names_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from programme.flows.listing.places import OpenPlaces

    Words = tuple[str, str, str]


def places_words(openings: Sequence[OpenPlaces]) -> tuple[Words | None, str]:
    """Say what is left, of the opening that tells a newcomer most."""
    current = [place for place in openings if place.window is Window.OPEN]
    if not current:
        return None, closed_words(openings)
    if all(place.is_full for place in current):
        return full_words(current)
    return None, left_words(current)


def full_words(openings: Sequence[OpenPlaces]) -> tuple[Words | None, str]:
    """Say that everything is taken, and how many wait."""
    waiting = sum(place.tally.waiting for place in openings)
    return ("wait", "wait", f"Full, {waiting} waiting" if waiting else "Full"), ""


def left_words(openings: Sequence[OpenPlaces]) -> str:
    """Say how many places are left to whoever comes first, never more than chairs; else how they are given."""
    left = [place for place in openings if not place.is_full]
    first_come = [place for place in left if place.places_by is PlacesBy.FIRST_COME]
    if not first_come:
        is_drawn = any(place.places_by is PlacesBy.BALLOT for place in left)
        return "Places by ballot" if is_drawn else "By application"
    if first_come[0].parts.all:
        return words_of_parts([place for place in openings if place.places_by is PlacesBy.FIRST_COME])
    return words_of_room(first_come)


def words_of_room(first_come: Sequence[OpenPlaces]) -> str:
    """Say how many places are left at one event, or over the parts of one opening."""
    free = [place.free for place in first_come]
    if any(number is None for number in free):
        return "Open to register"
    left = min([sum(number or 0 for number in free), *chairs_of(first_come)])
    kept = {name for place in first_come for name in names_kept(place.tally, place.homes)}
    is_kept = kept and not any(place.tally.pool for place in first_come)
    return f"{plural(left, 'place')} left{f', for {join_words(sorted(kept))}' if is_kept else ''}"


def words_of_parts(openings: Sequence[OpenPlaces]) -> str:
    """Say of a whole how many places are left where one number says it, and at how many of its parts."""
    parts = frozenset[int]().union(*(place.parts.all for place in openings))
    free = frozenset[int]().union(*(place.parts.free for place in openings))
    is_one, is_everywhere = len(openings) == 1 or len(parts) == 1, len(free) == len(parts)
    if not is_one or (openings[0].free is None and not is_everywhere):
        return f"Places at {'each' if is_everywhere else len(free)} of its {len(parts)} parts"
    left = words_of_room([place for place in openings if not place.is_full])
    return left if is_everywhere else f"{left}, at {len(free)} of its {len(parts)} parts"


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
    if len(frozenset[int]().union(*(place.parts.all for place in drawn))) > 1:
        liverpool, oxford, places = (sum(side) for side in zip(*(bar_of_room([place]) for place in drawn), strict=True))
        return liverpool, oxford, places
    return bar_of_room(drawn)


def bar_of_room(drawn: Sequence[OpenPlaces]) -> tuple[int, int, int]:
    """Return the same for openings that fill the same chairs."""
    left = sum(place.liverpool for place in drawn)
    right = sum(place.oxford for place in drawn)
    held = sum(place.tally.holding for place in drawn)
    others = held - left - right
    places = min([sum(place.tally.capacity or 0 for place in drawn), *(held + free for free in chairs_of(drawn))])
    return left + others - others // 2, right + others // 2, places
