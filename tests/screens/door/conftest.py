"""The evening of the roll, seen from its door."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from programme.engines.registration.door.actions import settle
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.links import Links
from programme.engines.registration.models import Companion, Registration
from tests.bed.clock import Clock
from tests.screens.roll.conftest import Evening, evening, olga, signed_in

__all__ = ["DURING", "Evening", "evening", "olga", "signed_in"]
DURING = datetime(2027, 2, 16, 14, 10, tzinfo=UTC)


@pytest.fixture
def codes(app: Flask) -> Codes:
    found: Codes = app.extensions["codes"]
    return found


@pytest.fixture
def links(app: Flask) -> Links:
    found: Links = app.extensions["links"]
    return found


@pytest.fixture
def at_the_door(evening: Evening, clock: Clock) -> Evening:
    """The same, ten minutes after the talk began."""
    clock.set(DURING)
    return evening


@pytest.fixture
def with_walk_ins(at_the_door: Evening, session: Session) -> Evening:
    """The same, where people without a place may be let in."""
    settle(session, at_the_door.opening.id, takes_walk_ins=True)
    session.commit()
    return at_the_door


@pytest.fixture
def with_a_group(at_the_door: Evening, session: Session) -> Evening:
    """The same, where Alice brings Ben and Cleo."""
    at_the_door.opening.most_together = 4
    at_the_door.alice.companions = [Companion(name="Ben Bloom"), Companion(name="Cleo Chen")]
    at_the_door.alice.heads = 3
    session.commit()
    return at_the_door


def door_of(evening: Evening) -> str:
    """The address of the door."""
    return f"{evening.home}/door/{evening.event_id}"


def path_of(codes: Codes, row: Registration) -> str:
    """What somebody's code opens."""
    return codes.path(row.seats[0])
