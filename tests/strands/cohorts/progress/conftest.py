"""Bob of Oxford and Alice of Liverpool in one cohort that both universities run, in January 2027."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Cohort, Milestone
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import Cast, assemble, cookie_for, organiser

Browse = Callable[[Person], FlaskClient]


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    """The cast, in January 2027."""
    return assemble(session)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """A cohort led by Oxford and shared with Liverpool."""
    award = cohorts.award(session, lead=cast.oxford, shared_with=[cast.liverpool])
    return cohorts.cohort(session, award=award)


@pytest.fixture
def bob(session: Session, cast: Cast, cohort: Cohort) -> Candidature:
    """Bob of Oxford, full time since Michaelmas 2026."""
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    session.commit()
    return row


@pytest.fixture
def alice(session: Session, cast: Cast, cohort: Cohort) -> Candidature:
    """Alice of Liverpool, full time since October 2026."""
    row = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool, partner=cast.oxford)
    session.commit()
    return row


@pytest.fixture
def omar(cast: Cast) -> Actor:
    """Omar of Oxford, who runs the cohort."""
    return Actor(cast.omar.id)


@pytest.fixture
def stranger(session: Session, cast: Cast) -> Person:
    """Somebody who organises for another organisation, which has no part in the award."""
    row = organiser(session, "Otto Outsider", "otto@council.example.org", cast.council)
    session.commit()
    return row


@pytest.fixture
def browse(app: Flask, session: Session) -> Browse:
    """Sign somebody in."""

    def signed_in(person: Person) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, person))
        return client

    return signed_in


def once(row: Candidature, code: str) -> Milestone:
    """Return a milestone of a record that comes once."""
    return next(one for one in row.milestones if one.code == code and not one.occurrence)
