"""Where a part of a pattern is, as one choice of a menu: a place, a city, online, or a way between two. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from programme.engines.calendar.naming import SITES
from programme.strands.cohorts.planning.residential.template import PartKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from programme.strands.cohorts.planning.residential.template import PatternPart

NOT_KNOWN, ONLINE = "", "online"
VENUE, SITE, WAY = "venue", "site", "way"


@dataclass(frozen=True, slots=True)
class Place:
    """How, where, and from where."""

    kind: PartKind = PartKind.IN_PERSON
    site: str = ""
    from_site: str = ""
    venue_id: int | None = None


def choice_of(part: PatternPart) -> str:
    """Return the choice that a part stands for."""
    if part.is_online:
        return ONLINE
    if part.is_travel:
        return f"{WAY}:{part.from_site}-{part.site}"
    if part.venue_id:
        return f"{VENUE}:{part.venue_id}"
    return f"{SITE}:{part.site}" if part.site else NOT_KNOWN


def place_of(choice: str) -> Place:
    """Return what a choice of the menu stands for."""
    kind, _, rest = choice.partition(":")
    if kind == ONLINE:
        return Place(PartKind.ONLINE)
    if kind == WAY:
        begins, _, leads = rest.partition("-")
        return Place(PartKind.TRAVEL, leads, begins)
    if kind == VENUE:
        return Place(venue_id=int(rest))
    return Place(site=rest)


def cities() -> Iterator[tuple[str, str]]:
    """Give the choices of a city, without the house."""
    for code, name in SITES.items():
        yield f"{SITE}:{code}", f"In {name}"


def ways() -> Iterator[tuple[str, str]]:
    """Give the choices of a way from one city to another."""
    for begins, leads in permutations(SITES, 2):
        yield f"{WAY}:{begins}-{leads}", f"On the way: {way_words(begins, leads)}"


def way_words(begins: str, leads: str) -> str:
    """Say a way."""
    return f"{SITES.get(begins, begins)} to {SITES.get(leads, leads)}"


def place_words(part: PatternPart, venue: str | None) -> str:
    """Say where a part is."""
    if part.is_online:
        return "Online"
    if part.is_travel:
        return way_words(part.from_site, part.site)
    return venue or (f"In {SITES.get(part.site, part.site)}" if part.site else "Not known yet")
