"""A breaker for the relay's own faults: after one, the whole queue rests, longer each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)


@dataclass(slots=True)
class Breaker:
    """Rests until `until`; `rest` is how long the next fault will make it rest."""

    until: datetime | None = None
    rest: timedelta = FIRST_REST

    def is_open(self, now: datetime) -> bool:
        """Whether nobody should call the relay yet."""
        return self.until is not None and now < self.until

    def trip(self, now: datetime) -> None:
        """Note a fault of the relay."""
        self.until = now + self.rest
        self.rest = min(self.rest * 2, LONGEST_REST)

    def mend(self) -> None:
        """Note that the relay works."""
        self.until, self.rest = None, FIRST_REST
