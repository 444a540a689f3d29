"""Is there a place, and who is next: the one rule about places. Pure: tallies in, a decision out."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.registration.states import HOLDING, PlacesBy, RegistrationState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    Heads = Sequence[tuple[RegistrationState, int | None, int]]
    """How many are in a state and of a home, as the database counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """A quota as the rule reads it: places guaranteed to one organisation until an instant; None has no end yet."""

    organisation_id: int
    places: int
    until: datetime | None = None


def in_force(guarantees: Iterable[Guarantee], *, now: datetime) -> tuple[Guarantee, ...]:
    """Return what is guaranteed now: from the instant of its release on, a guarantee is nothing."""
    return tuple(one for one in guarantees if one.places and (one.until is None or now < one.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What is guaranteed to one organisation `until` when, and how many who count for it hold a place or wait."""

    organisation_id: int
    guaranteed: int
    holding: int = 0
    waiting: int = 0
    until: datetime | None = None

    @property
    def used(self) -> int:
        """How much of the share is used; whoever else holds a place draws on the pool."""
        return min(self.holding, self.guaranteed)

    @property
    def unused(self) -> int:
        """How many places are kept for those still to come."""
        return self.guaranteed - self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Somebody waits with so many heads, and counts for a home: one for each that there is, however many wait."""

    home: int | None
    heads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What is taken of an opening, in heads: a registration for several takes as many places.

    `capacity` None is without limit. `holding` counts those who hold a place, `waiting` the waiting list. `chairs` is
    how many are left in the smallest room of the opening's events, which other openings may fill too; None is without
    limit. `shares` are the guarantees in force, one an organisation. What no share keeps is the pool, for anybody.
    A home, here, is the organisation that somebody counts for; None is none. All of a group count for that of whoever
    registered it. `sizes` are the sizes in which people wait; none says that each waits alone.
    """

    capacity: int | None
    holding: int
    waiting: int
    pending: int = 0
    chairs: int | None = None
    shares: tuple[Share, ...] = ()
    sizes: tuple[Size, ...] = ()

    @property
    def free(self) -> int | None:
        """How many more may hold a place; None is without limit. Never below 0, whatever was overbooked by hand."""
        left = [self.chairs] if self.chairs is not None else []
        if self.capacity is not None:
            left.append(self.capacity - self.holding)
        return max(0, min(left)) if left else None

    @property
    def pool(self) -> int | None:
        """How many of the free places anybody may have; None is without limit."""
        return None if self.free is None else max(0, self.free - sum(share.unused for share in self.shares))

    def free_for(self, home: int | None) -> int | None:
        """Return how many places those of one home may still have: what is kept for them, and the pool."""
        if self.free is None or self.pool is None:
            return None
        own = sum(share.unused for share in self.shares if share.organisation_id == home)
        return min(self.free, own + self.pool)

    def fits(self, home: int | None, *, heads: int = 1) -> bool:
        """Whether there are places for all of a group, or for one: some of it are not let in without the others."""
        free = self.free_for(home)
        return free is None or free >= heads

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for whom there is a place: a newcomer waits behind them.

        Who waits for a place that is kept for others is no such person, and stands in nobody's way; nor does a group
        that does not fit, whose turn is kept until it does.
        """
        if self.sizes:
            return any(self.fits(size.home, heads=size.heads) for size in self.sizes)
        queues = {share.organisation_id: share.waiting for share in self.shares}
        others = self.waiting - sum(queues.values())
        return any(number > 0 and self.free_for(home) != 0 for home, number in [*queues.items(), (None, others)])

    def after(self, home: int | None, *, heads: int = 1) -> Tally:
        """Return what is taken when one more of a home has a place, or so many at once, who waited for it."""
        shares = tuple(
            replace(share, holding=share.holding + heads, waiting=share.waiting - heads)
            if share.organisation_id == home
            else share
            for share in self.shares
        )
        chairs = None if self.chairs is None else self.chairs - heads
        holding, waiting = self.holding + heads, self.waiting - heads
        return replace(self, holding=holding, waiting=waiting, chairs=chairs, shares=shares)


def tally_from(
    heads: Heads,
    *,
    capacity: int | None,
    chairs: int | None,
    guarantees: Iterable[Guarantee] = (),
    sizes: Iterable[Size] = (),
) -> Tally:
    """Return what is taken of an opening from its counts; without a limit of places no share means anything."""
    states, homes = Counter[RegistrationState](), Counter[tuple[bool, int | None]]()
    for state, home, number in heads:
        states[state] += number
        if state in HOLDING or state is RegistrationState.WAITLISTED:
            homes[state in HOLDING, home] += number
    shares = tuple(
        Share(
            organisation_id=one.organisation_id,
            guaranteed=one.places,
            holding=homes[True, one.organisation_id],
            waiting=homes[False, one.organisation_id],
            until=one.until,
        )
        for one in guarantees
    )
    return Tally(
        capacity=capacity,
        holding=sum(states[state] for state in HOLDING),
        waiting=states[RegistrationState.WAITLISTED],
        pending=states[RegistrationState.PENDING],
        chairs=chairs,
        shares=shares if capacity is not None else (),
        sizes=tuple(sizes),
    )


class Decision(StrEnum):
    """What becomes of somebody who registers now."""

    PLACE = "place"
    WAIT = "wait"
    LATER = "later"
    FULL = "full"


def decide(
    tally: Tally,
    *,
    places_by: PlacesBy,
    has_waiting_list: bool,
    is_drawn: bool = False,
    home: int | None = None,
    heads: int = 1,
    is_awaited: bool | None = None,
) -> Decision:
    """Say what becomes of a newcomer who counts for `home`, or of so many `heads` who come together.

    `is_awaited` says whether somebody waits for whom there is a place, where it depends on more than a tally has.

    By decision everybody waits for the organisers; by ballot for the draw, and after it (`is_drawn`) it is first come.
    While someone waits for whom there is a place, a newcomer waits too, even beside a free place: it is the next one's.
    """
    if places_by is PlacesBy.DECISION or (places_by is PlacesBy.BALLOT and not is_drawn):
        return Decision.LATER
    awaited = tally.is_awaited if is_awaited is None else is_awaited
    if not awaited and tally.fits(home, heads=heads):
        return Decision.PLACE
    return Decision.WAIT if has_waiting_list else Decision.FULL


def moves_up(tally: Tally, queue: Iterable[int | None], *, heads: Sequence[int] = ()) -> list[int]:
    """Return which of a waiting list move up now, as indices: `queue` are their homes, in the order of joining.

    `heads` are for how many each waits; none says that all are single. A group that does not fit is passed, whole.

    Each takes of the own share first, then of the pool. A place given frees none for anybody else, so that one passage
    is enough, and who is passed over once has no place in this round.
    """
    moving: list[int] = []
    for number, home in enumerate(queue):
        if tally.free == 0:
            break
        size = heads[number] if heads else 1
        if tally.fits(home, heads=size):
            moving.append(number)
            tally = tally.after(home, heads=size)
    return moving


@dataclass(frozen=True, slots=True)
class Draw:
    """The result of a ballot: who has a place, the others in the order in which they wait; all in the order drawn."""

    winners: tuple[int, ...]
    others: tuple[int, ...]
    order: tuple[int, ...] = ()


def draw(
    entrants: Iterable[int],
    *,
    places: int | None,
    seed: str,
    homes: Mapping[int, int | None] | None = None,
    kept: Mapping[int, int] | None = None,
    heads: Mapping[int, int] | None = None,
) -> Draw:
    """Draw a ballot: the order follows from `seed` and the ids alone, so that anybody can draw it again.

    Each id is sorted by the SHA-256 of `seed:id`, whatever order the entrants come in. In that order each has a place
    for whom there is one: of `places`, `kept` are for those of one home (`homes`, by entrant) and nobody else. `heads`
    are for how many an entrant is: all of a group, or none.
    """
    order = sorted(set(entrants), key=lambda entrant: (lot(seed, entrant), entrant))
    shares = tuple(Share(organisation_id=home, guaranteed=number) for home, number in (kept or {}).items())
    capacity = None if places is None else max(0, places)
    tally = Tally(capacity=capacity, holding=0, waiting=len(order), shares=shares)
    sizes = [(heads or {}).get(entrant, 1) for entrant in order]
    moving = moves_up(tally, [(homes or {}).get(entrant) for entrant in order], heads=sizes)
    drawn = {order[index] for index in moving}
    winners = tuple(entrant for entrant in order if entrant in drawn)
    return Draw(winners, tuple(entrant for entrant in order if entrant not in drawn), tuple(order))


def lot(seed: str, entrant: int) -> str:
    """Return the lot of one entrant."""
    return hashlib.sha256(f"{seed}:{entrant}".encode()).hexdigest()


def smallest(chairs: Sequence[int | None]) -> int | None:
    """Return the smallest number of chairs left among rooms, of which some have no limit."""
    limits = [number for number in chairs if number is not None]
    return min(limits) if limits else None
