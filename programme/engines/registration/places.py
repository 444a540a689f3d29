"""Is there a place, and who is next: the one rule about places. Pure: tallies in, a decision out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.registration.states import PlacesBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What is taken of an opening.

    `capacity` None is without limit. `holding` counts those who hold a place, `waiting` the waiting list. `chairs` is
    how many are left in the smallest room of the opening's events, which other openings may fill too; None is without
    limit.
    """

    capacity: int | None
    holding: int
    waiting: int
    pending: int = 0
    chairs: int | None = None

    @property
    def free(self) -> int | None:
        """How many more may hold a place; None is without limit. Never below 0, whatever was overbooked by hand."""
        left = [self.chairs] if self.chairs is not None else []
        if self.capacity is not None:
            left.append(self.capacity - self.holding)
        return max(0, min(left)) if left else None


class Decision(StrEnum):
    """What becomes of somebody who registers now."""

    PLACE = "place"
    WAIT = "wait"
    LATER = "later"
    FULL = "full"


def decide(tally: Tally, *, places_by: PlacesBy, has_waiting_list: bool, is_drawn: bool = False) -> Decision:
    """Say what becomes of a newcomer.

    By decision everybody waits for the organisers; by ballot for the draw, and after it (`is_drawn`) it is first come.
    While someone waits a newcomer waits too, even beside a free place: it is the next one's.
    """
    if places_by is PlacesBy.DECISION or (places_by is PlacesBy.BALLOT and not is_drawn):
        return Decision.LATER
    if not tally.waiting and tally.free != 0:
        return Decision.PLACE
    return Decision.WAIT if has_waiting_list else Decision.FULL


def moves_up(tally: Tally) -> int:
    """Return how many of the waiting list may move up now."""
    return tally.waiting if tally.free is None else min(tally.free, tally.waiting)


@dataclass(frozen=True, slots=True)
class Draw:
    """The result of a ballot: who has a place, and the others in the order in which they wait."""

    winners: tuple[int, ...]
    others: tuple[int, ...]


def draw(entrants: Iterable[int], *, places: int | None, seed: str) -> Draw:
    """Draw a ballot: the order follows from `seed` and the ids alone, so that anybody can draw it again.

    Each id is sorted by the SHA-256 of `seed:id`, whatever order the entrants come in.
    """
    order = sorted(set(entrants), key=lambda entrant: (lot(seed, entrant), entrant))
    count = len(order) if places is None else max(0, places)
    return Draw(tuple(order[:count]), tuple(order[count:]))


def lot(seed: str, entrant: int) -> str:
    """Return the lot of one entrant."""
    return hashlib.sha256(f"{seed}:{entrant}".encode()).hexdigest()


def smallest(chairs: Sequence[int | None]) -> int | None:
    """Return the smallest number of chairs left among rooms, of which some have no limit."""
    limits = [number for number in chairs if number is not None]
    return min(limits) if limits else None
