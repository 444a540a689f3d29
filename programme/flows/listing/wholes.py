"""What is said of places at a whole that people register for by its parts: each opening once, and where it has any."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import status_of
from programme.engines.calendar.queries.lists import parts_listed
from programme.engines.registration.choosing.rule import has_choice
from programme.engines.registration.places import smallest
from programme.engines.registration.terms import Window
from programme.flows.listing.places import Happening, OpenPlaces, Parts, places_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.queries.lists import EventLine
    from programme.people.permissions import Actor


def places_of_wholes(
    session: Session, whole_ids: Collection[int], *, actor: Actor, now: datetime
) -> dict[int, tuple[OpenPlaces, ...]]:
    """Return what one can register for at the parts of wholes, as lists show these to `actor`: five queries at most."""
    parts = parts_listed(session, whole_ids, actor=actor) if whole_ids else []
    by_whole: dict[int | None, list[EventLine]] = defaultdict(list)
    for line in parts:
        if status_of(line.state, date_is_known=line.date_is_known) is EntryStatus.CONFIRMED:
            by_whole[line.part_of_id].append(line)
    told = {whole: to_come(lines, now=now) for whole, lines in by_whole.items() if whole is not None}
    happening = [Happening(one.id, one.starts_at, one.room_capacity) for lines in told.values() for one in lines]
    found = places_at(session, happening, now=now) if happening else {}
    whole = {one: over_parts([line.id for line in lines], found) for one, lines in told.items()}
    return {one: places for one, places in whole.items() if places}


def to_come(parts: Sequence[EventLine], *, now: datetime) -> Sequence[EventLine]:
    """Return what is not over yet; all of them once everything is."""
    return [part for part in parts if part.ends_at > now] or parts


def over_parts(part_ids: Iterable[int], places: Mapping[int, tuple[OpenPlaces, ...]]) -> tuple[OpenPlaces, ...]:
    """Return each opening once; `part_ids` are in the order of time."""
    found: dict[int, list[tuple[int, OpenPlaces]]] = defaultdict(list)
    for part_id in part_ids:
        for place in places.get(part_id, ()):
            found[place.opening_id].append((part_id, place))
    return tuple(as_a_whole(ones) for ones in found.values())


def as_a_whole(found: Sequence[tuple[int, OpenPlaces]]) -> OpenPlaces:
    """Return an opening as it stands for the last of its parts, with the chairs that all of them leave."""
    last = found[-1][1]
    current = [(part_id, place) for part_id, place in found if place.window is last.window]
    free = frozenset(part_id for part_id, place in current if place.window is Window.OPEN and not place.is_full)
    tally = replace(last.tally, chairs=chairs_over([place.tally.chairs for _, place in current], least=last.least))
    return replace(last, tally=tally, parts=Parts(frozenset(part_id for part_id, _ in current), free))


def chairs_over(rooms: Sequence[int | None], *, least: int | None) -> int | None:
    """Return for how many more people rooms have chairs, who choose at least so many of them; None is without limit.

    Where one is admitted to all it is the smallest room, where one chooses one it is all of them together. Where more
    are chosen it depends on which: here it is 0 once nobody can choose enough any more.
    """
    if least is None:
        return smallest(rooms)
    known = [max(0, room) for room in rooms if room is not None]
    if least == 1 and len(known) == len(rooms):
        return sum(known)
    return None if has_choice(rooms, least=least) else 0
