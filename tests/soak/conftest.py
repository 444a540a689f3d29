"""A nursery for all the trials of a run."""

from collections.abc import Iterator

import pytest

from tests.soak.nursery import Nursery, nursery


@pytest.fixture(scope="session")
def started() -> Iterator[Nursery]:
    """What starts commands of the programme, each in a process of its own."""
    with nursery() as made:
        yield made
