"""Alice of Liverpool in a cohort that both universities run, with Charlie for her primary supervisor."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Cohort
from programme.strands.cohorts.training.frameworks.loading import found_framework
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for, organiser

Browse = Callable[[Person], FlaskClient]


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    """The cast, and the framework that an installation starts with."""
    found = assemble(session)
    found_framework(session, now=LONG_AGO)
    session.commit()
    return found


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """A cohort led by Liverpool and shared with Oxford."""
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    return cohorts.cohort(session, award=award)


@pytest.fixture
def alice(session: Session, cast: Cast, cohort: Cohort) -> Candidature:
    """Alice's record: Charlie supervises her at home."""
    row = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool, partner=cast.oxford)
    cohorts.supervision(session, candidature=row, person=cast.charlie, organisation=cast.liverpool)
    session.commit()
    return row


@pytest.fixture
def olga(cast: Cast) -> Actor:
    """Olga of Liverpool, who runs the cohort."""
    return actor_of(cast.olga)


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
