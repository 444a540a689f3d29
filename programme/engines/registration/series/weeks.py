"""Which chairs of a series are free for one week, and which a place has: the rule. Pure: numbers in, a decision out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.registration.places import smallest

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One event of a series as the rule reads it, in heads.

    `given_up` are those with a place who skip it. `lent` are those who wait and were lent a chair. `staying` are those
    who have given up their place from a later date on, and come to this one yet. `room` is how many chairs are left in
    its room, whoever fills it; None is without limit. `is_over` says that nobody can come to it any more.
    """

    event_id: int
    given_up: int = 0
    lent: int = 0
    staying: int = 0
    room: int | None = None
    is_over: bool = False

    @property
    def spare(self) -> int:
        """How many chairs of the places that are given nobody sits on; below 0, how many sit here without a place."""
        return self.given_up - self.lent - self.staying


def to_lend(week: Week, *, overbooked: int = 0) -> int:
    """Return how many chairs may be lent for a week: those skipped, of which none is lent or sat on already.

    A place that nobody has yet is not taken to pieces: it is for whoever comes for the whole series. `overbooked` is
    how many hold a place beyond the capacity: their chairs are there, but nobody else's.
    """
    free = week.spare - overbooked
    return 0 if week.is_over else max(0, free if week.room is None else min(free, week.room))


def chairs_for_places(weeks: Iterable[Week]) -> int | None:
    """Return for how many more places the rooms have chairs; None is without limit.

    Where somebody sits without a place (the week is lent, or they leave later on) no chair is asked for that week:
    whoever gets the place has the others, and this one as soon as it is free.
    """
    return smallest([week.room + max(0, -week.spare) for week in weeks if week.room is not None and not week.is_over])


def has_chair(week: Week, *, heads: int, free: int | None) -> bool:
    """Whether whoever is given a place has its chair at a week; `free` are the places free before, None no limit."""
    in_room = week.room is None or week.room >= heads
    return not week.is_over and in_room and (free is None or free + week.spare >= heads)
