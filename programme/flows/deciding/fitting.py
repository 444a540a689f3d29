"""For whom of those decided about at once there is a place, one after the other, as the press finds it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.engines.registration.choosing import rule
from programme.engines.registration.places import smallest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from programme.engines.registration.choosing.rule import Wish
    from programme.engines.registration.places import Tally

NONE_WAIT: Mapping[int, Wish] = {}


def with_places(
    tally: Tally,
    comers: Mapping[int, Wish],
    *,
    rooms: Mapping[int, int] | None = None,
    by_keys: Collection[int] = (),
    queue: Mapping[int, Wish] = NONE_WAIT,
) -> frozenset[int]:
    """Return for whom of `comers`, in their order, there is a place.

    `rooms` are the chairs left in each room where people choose among events; None where one is admitted to all. Whom
    keys grant a place (`by_keys`) stands behind those of the waiting list (`queue`) for whom there is one.
    """
    left, line, given = dict(rooms or {}), dict(queue), set[int]()
    for one, wish in comers.items():
        chairs = tally.chairs if rooms is None else smallest([left.get(event) for event in wish.events])
        waits = one in by_keys and is_awaited(tally, line, None if rooms is None else left)
        if waits or not replace(tally, chairs=chairs).fits(wish.home, heads=wish.heads):
            line |= {one: wish} if one in by_keys else {}
            continue
        given.add(one)
        line.pop(one, None)
        tally = tally.after(wish.home, heads=wish.heads)
        for event in wish.events & left.keys():
            left[event] -= wish.heads
    return frozenset(given)


def is_awaited(tally: Tally, line: Mapping[int, Wish], rooms: Mapping[int, int] | None) -> bool:
    """Whether somebody waits for whom there is a place."""
    if rooms is None:
        return any(tally.fits(wish.home, heads=wish.heads) for wish in line.values())
    return bool(rule.moves_up(replace(tally, chairs=None), rooms, line.values()))
