"""Which events of an opening somebody may choose, and who moves up to their choice. Pure: values in, a decision out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.words import join_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from programme.engines.registration.places import Tally


NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How many of which events one chooses: exactly so many, or `fewer` too, but one at least."""

    most: int
    events: Mapping[int, str]
    fewer: bool = False

    @property
    def least(self) -> int:
        """How many are to be chosen at least."""
        return 1 if self.fewer else min(self.most, len(self.events))

    @property
    def asks(self) -> str:
        """Say how many are to be chosen."""
        if self.least == self.most == 1:
            return "Choose one."
        number = NUMBERS[self.most] if self.most < len(NUMBERS) else str(self.most)
        return f"Choose up to {number}." if self.least < self.most else f"Choose {number}."


def reason_against(terms: Terms, choice: Collection[int]) -> str | None:
    """Return why a choice is none, as a sentence; None where it may be."""
    if not set(choice) <= set(terms.events):
        return "One of these is not offered any more. Look again at what there is."
    if len(set(choice)) < terms.least or len(set(choice)) > terms.most:
        return terms.asks
    return None


def full(rooms: Mapping[int, int], choice: Iterable[int], *, heads: int = 1) -> list[int]:
    """Return which chosen events have no chairs for so many; `rooms` are the chairs left where there is a limit."""
    return [event for event in choice if event in rooms and rooms[event] < heads]


def refusal_of(terms: Terms, rooms: Mapping[int, int], gone: Sequence[int], *, heads: int = 1) -> str:
    """Say which of the chosen are full, and what is still free."""
    names = join_words([f"“{terms.events[event]}”" for event in gone])
    is_full = f"{names} {'is' if len(gone) == 1 else 'are'} full{' for so many' if heads > 1 else ''}."
    left = [event for event in terms.events if event not in full(rooms, terms.events, heads=heads)]
    if not left:
        return f"{is_full} Nothing else is free."
    return f"{is_full} Still free: {join_words([free_words(terms, rooms, event) for event in left])}."


def free_words(terms: Terms, rooms: Mapping[int, int], event: int) -> str:
    """Name an event with the places it has left."""
    return f"“{terms.events[event]}” ({rooms[event]} left)" if event in rooms else f"“{terms.events[event]}”"


def has_choice(rooms: Sequence[int | None], *, least: int) -> bool:
    """Whether anybody could still choose as many events as they have to; None is a room without limit."""
    return sum(room is None or room > 0 for room in rooms) >= least


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody who waits: whom they count for, for how many, and the events they have chosen."""

    home: int | None
    heads: int = 1
    events: frozenset[int] = frozenset()


def moves_up(tally: Tally, rooms: Mapping[int, int], queue: Iterable[Wish]) -> list[int]:
    """Return who of a waiting list moves up now, as indices: whose place is free, and every event they chose.

    Who chose what is full is passed and keeps their turn. The chairs of a tally, which are of all events, are left out.
    """
    left, moving = dict(rooms), list[int]()
    for number, wish in enumerate(queue):
        if tally.free == 0:
            break
        if tally.fits(wish.home, heads=wish.heads) and not full(left, wish.events, heads=wish.heads):
            moving.append(number)
            tally = tally.after(wish.home, heads=wish.heads)
            for event in wish.events & left.keys():
                left[event] -= wish.heads
    return moving
