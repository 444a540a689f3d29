"""Uploading and confirming in one line each, as an organiser does."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.people.models import Person
from tests.bed.clock import Clock
from tests.data.invented import SPREADSHEET
from tests.factories.cast import Cast, assemble, cookie_for

HOME = "/organise/imports"

Browse = Callable[[Person], FlaskClient]
Upload = Callable[..., TestResponse]


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
def upload(cast: Cast, omar: FlaskClient) -> Upload:
    """Upload a file, as Omar for Oxford's knowledge exchange unless told otherwise."""

    def uploaded(
        data: bytes | None = None,
        name: str = "talks.csv",
        *,
        by: FlaskClient | None = None,
        organisation: object = None,
        strand: str = "exchange",
    ) -> TestResponse:
        content = SPREADSHEET.read_bytes() if data is None else data
        form = {
            "file": (io.BytesIO(content), name),
            "organisation": str(organisation or cast.oxford.id),
            "strand": strand,
        }
        answer = (by or omar).post(HOME, data=form, content_type="multipart/form-data")
        answer.request.environ["wsgi.input"].close()  # of a large file, a file of the client's own
        return answer

    return uploaded


def sheet(*lines: str) -> bytes:
    """Return a spreadsheet of a few columns."""
    return ("Title,Series,Start,End\n" + "\n".join(lines)).encode()


def answers_in(page: str) -> list[str]:
    """Return the names of the questions on a page."""
    return list(dict.fromkeys(re.findall(r'name="(row_[0-9a-f]+)"', page)))
