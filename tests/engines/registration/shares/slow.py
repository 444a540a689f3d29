"""The rule about shares once more, by list and loop from its words alone; it imports nothing of what it judges.

Capacity in total; quotas guaranteed to one organisation until they are released; chairs of a room that others fill too.
The used share of X is the smaller of X's holders and X's guarantee, the rest draws on the pool. Waiting list in order
of joining: own share first, then the pool. While someone waits for whom there is a place, a newcomer waits too.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class SlowOpening:
    """People by name, each with a home; who holds a place, and who waits in the order of joining."""

    capacity: int
    guarantees: dict[str, int]
    chairs: int | None = None
    homes: dict[int, str] = field(default_factory=dict)
    holders: list[int] = field(default_factory=list)
    queue: list[int] = field(default_factory=list)

    def free_places(self) -> list[str]:
        """Every place that nobody has, limited by the chairs that are left."""
        places = ["place"] * self.capacity
        for _ in self.holders:
            if places:
                places.pop()
        while self.chairs is not None and len(places) > max(0, self.chairs):
            places.pop()
        return places

    def kept_for(self, home: str) -> list[str]:
        """One entry for each place of a share that none of its own has taken."""
        kept = [home] * self.guarantees.get(home, 0)
        for person in self.holders:
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

    def comes(self, person: int, home: str) -> str:
        """Somebody registers."""
        self.homes[person] = home
        awaited = [one for one in self.queue if self.has_place_for(self.homes[one])]
        if self.has_place_for(home) and not awaited:
            self.takes_place(person)
            return "place"
        self.queue.append(person)
        return "wait"

    def takes_place(self, person: int) -> None:
        """Somebody has a place, and a chair with it."""
        self.holders.append(person)
        if self.chairs is not None:
            self.chairs -= 1

    def leaves(self, person: int) -> None:
        """Somebody gives back what they have."""
        if person in self.holders:
            self.holders.remove(person)
            if self.chairs is not None:
                self.chairs += 1
        else:
            self.queue.remove(person)

    def move_up(self) -> list[int]:
        """Whoever may moves up, the first in line first, until nobody may."""
        moved: list[int] = []
        while True:
            for person in self.queue:
                if self.has_place_for(self.homes[person]):
                    break
            else:
                return moved
            self.queue.remove(person)
            self.takes_place(person)
            moved.append(person)
