"""A clock that stands still until the test moves it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

START = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
"""A Tuesday morning in full term, in winter time."""


class Clock:
    """The instant that everything in this process reads; deadlines of threads and sockets go on as usual."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller

    @property
    def now(self) -> datetime:
        """The instant it shows."""
        return datetime.now(UTC)

    def set(self, instant: datetime) -> datetime:
        """Show `instant`, which must be aware."""
        assert instant.tzinfo is not None, "an instant must be aware"
        self.traveller.move_to(instant)
        return self.now

    def forward(self, **amount: float) -> datetime:
        """Move on by a `timedelta` given in its own words."""
        return self.set(self.now + timedelta(**amount))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock, at START."""
    with time_machine.travel(START, tick=False) as traveller:
        yield Clock(traveller)
