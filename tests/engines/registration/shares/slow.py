"""The rule about shares once more, by list and loop from its words alone; it imports nothing of what it judges.

Capacity in total; quotas guaranteed to one organisation until they are released; chairs of a room that others fill too.
The used share of X is the smaller of X's holders and X's guarantee, the rest draws on the pool. Waiting list in order
of joining: own share first, then the pool. While someone waits for whom there is a place, a newcomer waits too.
A group of several is all or nothing; singles may pass a group that does not fit, and the group's turn is kept.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field


@dataclass
class SlowOpening:
    """People by name, each with a home; who holds a place, and who waits in the order of joining.

    Behind a name may stand a group of several, all of whom count for its home.
    """

    capacity: int
    guarantees: dict[str, int]
    chairs: int | None = None
    homes: dict[int, str] = field(default_factory=dict)
    holders: list[int] = field(default_factory=list)
    queue: list[int] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)

    def people(self) -> list[int]:
        """Everybody who holds a place, a group's name as often as it has people."""
        return [person for person in self.holders for _ in range(self.sizes.get(person, 1))]

    def free_places(self) -> list[str]:
        """Every place that nobody has, limited by the chairs that are left."""
        places = ["place"] * self.capacity
        for _ in self.people():
            if places:
                places.pop()
        while self.chairs is not None and len(places) > max(0, self.chairs):
            places.pop()
        return places

    def kept_for(self, home: str) -> list[str]:
        """One entry for each place of a share that none of its own has taken."""
        kept = [home] * self.guarantees.get(home, 0)
        for person in self.people():
            if self.homes[person] == home and kept:
                kept.pop()
        return kept

    def has_place_for(self, home: str) -> bool:
        """Whether a place could be somebody's: of their own share, or one that is left when all shares are kept."""
        places = self.free_places()
        if places and self.kept_for(home):
            return True
        for other in self.guarantees:
            for _ in self.kept_for(other):
                if places:
                    places.pop()
        return bool(places)

    def has_places_for_all(self, person: int) -> bool:
        """Whether each of a group could have a place, one after the other: tried on a copy, with strangers."""
        trial = deepcopy(self)
        for number in range(self.sizes.get(person, 1)):
            if not trial.has_place_for(self.homes[person]):
                return False
            stranger = -1 - number
            trial.homes[stranger] = self.homes[person]
            trial.takes_place(stranger)
        return True

    def comes(self, person: int, home: str, *, size: int = 1) -> str:
        """Somebody registers, alone or with others."""
        self.homes[person], self.sizes[person] = home, size
        awaited = [one for one in self.queue if self.has_places_for_all(one)]
        if self.has_places_for_all(person) and not awaited:
            self.takes_place(person)
            return "place"
        self.queue.append(person)
        return "wait"

    def takes_place(self, person: int) -> None:
        """Somebody has a place, and a chair with it; of a group each."""
        self.holders.append(person)
        if self.chairs is not None:
            self.chairs -= self.sizes.get(person, 1)

    def leaves(self, person: int) -> None:
        """Somebody gives back what they have."""
        if person in self.holders:
            self.holders.remove(person)
            if self.chairs is not None:
                self.chairs += self.sizes.get(person, 1)
        else:
            self.queue.remove(person)

    def move_up(self) -> list[int]:
        """Whoever may moves up, the first in line first, until nobody may."""
        moved: list[int] = []
        while True:
            for person in self.queue:
                if self.has_places_for_all(person):
                    break
            else:
                return moved
            self.queue.remove(person)
            self.takes_place(person)
            moved.append(person)
