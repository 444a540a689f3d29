"""What adding people to a roll would come to, one after the other, before anybody is added."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programme.engines.registration.actions import STATES, home_among
from programme.engines.registration.choosing import rule
from programme.engines.registration.choosing.queries import line
from programme.engines.registration.choosing.rule import Wish
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.places import Decision, Size, decide, in_force, smallest, tally_from
from programme.engines.registration.queries import guarantees_of, heads, sizes_waiting
from programme.engines.registration.roll.pasted import Pasted
from programme.engines.registration.series.chairs import chairs_by_event, chairs_for
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.people.affiliations import organisations_of_addresses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.engines.registration.places import Guarantee, Tally

R = RegistrationState
NO_CHAIR = "No place is left at what you chose."
NO_PLACE = "No place is left for them, and there is no waiting list."
PLACE = "Gets a place, and is told"
WAITS = "Joins the waiting list, and is told"
BY_KEYS = "Waits for the universities’ keys, and is told"
BY_HAND = "No place is left: waits for your decision, and is told"
DRAWN = "Takes part in the draw, and is told"


@dataclass(slots=True, kw_only=True)
class Ahead:
    """What is taken of an opening, as those added before somebody leave it."""

    opening: Opening
    choice: frozenset[int]
    counts: Counter[tuple[RegistrationState, int | None]]
    guarantees: Sequence[Guarantee]
    sizes: list[Size]
    chairs: int | None
    rooms: dict[int, int]
    queue: dict[int, Wish]

    @property
    def tally(self) -> Tally:
        """What is taken now."""
        return tally_from(
            [(state, home, number) for (state, home), number in self.counts.items()],
            capacity=self.opening.capacity,
            chairs=self.chairs if self.opening.chooses is None else self.left_of_choice,
            guarantees=self.guarantees,
            sizes=self.sizes,
        )

    @property
    def left_of_choice(self) -> int | None:
        """How many chairs are left at every chosen event; None is without limit."""
        return smallest([self.rooms.get(event) for event in self.choice])

    @property
    def is_choice_full(self) -> bool:
        """Whether a chosen event has no chair left."""
        return self.opening.chooses is not None and bool(rule.full(self.rooms, self.choice))

    @property
    def is_awaited(self) -> bool | None:
        """Whether somebody waits for whom there is a place, where people choose; None leaves it to the tally."""
        if self.opening.chooses is None:
            return None
        return bool(rule.moves_up(replace(self.tally, chairs=None), self.rooms, self.queue.values()))

    def comes_to(self, home: int | None) -> RegistrationState | None:
        """Return where the next one would stand, who counts for `home`; None where there is no room at all."""
        opening = self.opening
        if opening.places_by is PlacesBy.DECISION:
            tally = self.tally if opening.chooses is None else replace(self.tally, chairs=None)
            return R.CONFIRMED if not self.is_choice_full and tally.fits(home) else R.PENDING
        if self.is_choice_full:
            return None
        decision = decide(
            self.tally,
            places_by=opening.places_by,
            has_waiting_list=opening.has_waiting_list,
            is_drawn=bool(opening.ballot_seed),
            home=home,
            is_awaited=self.is_awaited,
        )
        return None if decision is Decision.FULL else STATES[decision]

    def add(self, home: int | None, state: RegistrationState) -> None:
        """Let one more stand there."""
        self.counts[state, home] += 1
        if state is R.CONFIRMED:
            self.chairs = None if self.chairs is None else self.chairs - 1
            self.rooms |= {event: self.rooms[event] - 1 for event in self.choice & self.rooms.keys()}
        if state is R.WAITLISTED:
            self.sizes += [Size(home=home, heads=1)] if self.sizes else []
            self.queue[-len(self.queue) - 1] = Wish(home=home, events=self.choice)


def foreseen(
    session: Session,
    opening: Opening,
    people: Sequence[Pasted],
    *,
    choice: frozenset[int],
    even_if_full: bool,
    now: datetime,
) -> list[Pasted]:
    """Say of each line of a list what adding it would come to, in their order; nothing is changed by asking."""
    homes = organisations_of_addresses(session, [one.address for one in people])
    is_keyed = keyed_terms(session, opening) is not None
    ahead, found = ahead_of(session, opening, choice, now=now), list[Pasted]()
    for one in people:
        if one.problem:
            found.append(one)
            continue
        vouched = frozenset({homes[one.address]} if one.address in homes else ())
        home = home_among(opening, vouched, first=None, now=now)
        state = R.PENDING if is_keyed else R.CONFIRMED if even_if_full else ahead.comes_to(home)
        if state is None:
            found.append(replace(one, problem=NO_CHAIR if ahead.is_choice_full else NO_PLACE))
            continue
        ahead.add(home, state)
        found.append(replace(one, comes_to=words_of(opening, state, is_keyed=is_keyed)))
    return found


def ahead_of(session: Session, opening: Opening, choice: frozenset[int], *, now: datetime) -> Ahead:
    """Read what is taken of an opening: a few statements, however long the list is."""
    chooses = opening.chooses is not None
    return Ahead(
        opening=opening,
        choice=choice,
        counts=Counter({(state, home): number for state, home, number in heads(session, opening, COUNTED)}),
        guarantees=in_force(guarantees_of(opening), now=now),
        sizes=sizes_waiting(session, opening),
        chairs=None if chooses else chairs_for(session, opening, now=now),
        rooms=chairs_by_event(session, opening.events) if chooses else {},
        queue=line(session, opening) if chooses else {},
    )


def words_of(opening: Opening, state: RegistrationState, *, is_keyed: bool) -> str:
    """Say where somebody would stand."""
    if state is R.PENDING:
        return BY_KEYS if is_keyed else BY_HAND if opening.places_by is PlacesBy.DECISION else DRAWN
    return PLACE if state is R.CONFIRMED else WAITS


def summed_up(lines: Sequence[Pasted]) -> Mapping[str, int]:
    """Return how many lines come to what, in the order in which it first stands."""
    return Counter(one.comes_to for one in lines if not one.problem)
