"""Olga of Liverpool, signed in, in January 2027."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.bed.clock import Clock
from tests.factories.cast import Cast, assemble, cookie_for


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    """The fixed cast, in January 2027."""
    return assemble(session)


@pytest.fixture
def olga(client: FlaskClient, session: Session, cast: Cast) -> FlaskClient:
    """Olga of Liverpool, signed in."""
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    return client
