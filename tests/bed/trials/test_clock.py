"""The clock stands still until it is moved, for our reader of it too."""

from datetime import timedelta

from programme.core.clock import now
from tests.bed.clock import START, Clock


def test_clock_stands_until_it_is_moved(clock: Clock) -> None:
    assert now() == START
    clock.forward(days=1, hours=2)
    assert now() == START + timedelta(days=1, hours=2)
    clock.set(START)
    assert now() == START
