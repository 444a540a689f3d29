"""The secret cohort, and everybody who might look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.people.models import Person
from programme.scheduler import run_due
from tests.bed.clock import Clock
from tests.factories.browsers import look_again, signed_in
from tests.strands.cohorts.doors.kept import Kept, bring_back, keep
from tests.strands.cohorts.doors.world import (
    APPLICANT,
    APPLICATION,
    AWARD,
    COHORT,
    COMMENT,
    CONFLICT,
    EMPLOYER,
    EVERYTHING,
    EXEMPTION,
    OF_OTHERS,
    RECORD,
    REFEREE,
    TITLE,
    World,
    build,
)

NOTHING: frozenset[str] = frozenset()
MAY_READ: Mapping[str, frozenset[str]] = {
    "administrator": frozenset({AWARD, COHORT}),
    "organiser": EVERYTHING,
    "researcher": RECORD | OF_OTHERS | {COHORT, EMPLOYER, EXEMPTION},
    "supervisor": RECORD | OF_OTHERS | {COHORT},
    "applicant": frozenset({APPLICANT, TITLE, REFEREE}),
    "reviewer": APPLICATION | {COMMENT},
    "second reviewer": frozenset({APPLICANT, CONFLICT}),
    "fellow": frozenset({COHORT}),
    "supervisor of a fellow": frozenset({COHORT}),
    "former supervisor": NOTHING,
    "other university": NOTHING,
    "other strand": NOTHING,
    "partner authority": NOTHING,
    "helper": NOTHING,
    "nobody": NOTHING,
}
"""Which words each may meet anywhere; their own name is theirs besides.

The administrator comes first: what others do with their own accounts stands in the trail, by their names.
"""
OUTSIDERS = ("other university", "other strand", "former supervisor", "fellow", "partner authority", "helper", "nobody")


@dataclass
class Doors:
    """The cohort, and who might look at it; browsers are opened as they are asked for."""

    app: Flask
    session: Session
    world: World

    def person(self, part: str) -> Person | None:
        """Who plays a part."""
        people, others = self.world.people, self.world.others
        cast = {
            "organiser": people.olga,
            "co-owner": people.omar,
            "other university": people.omar,
            "administrator": people.ada,
            "fellow": people.alice,
            "supervisor of a fellow": people.charlie,
            "former supervisor": others["former"],
            "second reviewer": others["second"],
            "other strand": others["exchange"],
            "partner authority": others["partner"],
            "nobody": None,
        }
        return cast[part] if part in cast else others[part]

    def browser(self, part: str) -> FlaskClient:
        """A browser in which somebody is signed in, or nobody."""
        self.session.rollback()
        who = self.person(part)
        return signed_in(self.app, self.session, who) if who is not None else self.app.test_client()


@pytest.fixture(scope="session")
def known() -> dict[datetime, Kept]:
    """The cohort as this process told it, by when."""
    return {}


@pytest.fixture
def doors(
    app: Flask,
    session: Session,
    clock: Clock,
    known: dict[datetime, Kept],
    tmp_path_factory: pytest.TempPathFactory,
) -> Doors:
    """The cohort, once its letters have gone."""
    if clock.now in known:
        world = bring_back(app, session, known[clock.now])
    else:
        world = build(app, session, clock)
        run_due(app, clock.now)
        known[clock.now] = keep(app, session, world, tmp_path_factory.mktemp("world"))
    look_again(session)
    return Doors(app, session, world)
