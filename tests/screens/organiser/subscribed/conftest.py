"""Following a calendar in one line, as an organiser does."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.core.fetching.client import Fetcher
from programme.people.models import Person
from tests.bed.clock import Clock
from tests.bed.servers.elsewhere import Elsewhere, answered
from tests.factories.cast import Cast, assemble, cookie_for
from tests.flows.following.conftest import calendar, talk

HOME = "/organise/imports/addresses"
CALENDAR = calendar(talk(), talk("fern", "On ferns"))

Browse = Callable[[Person], FlaskClient]
Give = Callable[..., TestResponse]


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    """The cast, on a morning in January 2027."""
    return assemble(session)


@pytest.fixture
def browse(app: Flask, session: Session) -> Browse:
    """Open a browser signed in as somebody."""

    def opened(who: Person) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, who))
        return client

    return opened


@pytest.fixture
def omar(cast: Cast, browse: Browse) -> FlaskClient:
    """Omar's browser."""
    return browse(cast.omar)


@pytest.fixture
def give(app: Flask, cast: Cast, omar: FlaskClient, elsewhere: Elsewhere) -> Give:
    """Give the address of the calendar elsewhere, as Omar for Oxford's knowledge exchange unless told otherwise."""
    app.extensions["fetcher"] = Fetcher(allowed=frozenset({elsewhere.host}), whole=5)
    elsewhere.answers["/feed.ics"] = answered(CALENDAR)

    def given(*, by: FlaskClient | None = None, **typed: object) -> TestResponse:
        form = {
            "url": elsewhere.url(),
            "title": "Talks elsewhere",
            "organisation": cast.oxford.id,
            "strand": "exchange",
            "series": 0,
            "publish": "yes",
            "hours": 3,
            **typed,
        }
        return (by or omar).post(HOME, data=form)

    return given


def says(elsewhere: Elsewhere, *talks: str) -> None:
    """Let the calendar elsewhere say something else."""
    elsewhere.answers["/feed.ics"] = answered(calendar(*talks))
