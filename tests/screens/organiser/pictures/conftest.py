"""The page of an event's picture, as an organiser of Liverpool uses it."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.engines.calendar.models import Event
from programme.people.models import Person
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.pictures import CREDIT, WORDS, photograph
from tests.factories.things import event

Browse = Callable[[Person], FlaskClient]


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def talk(session: Session, cast: Cast) -> Event:
    """A published event of Liverpool."""
    row = event(session, lead=cast.liverpool, summary="What rivers carry.")
    session.commit()
    return row


@pytest.fixture
def browse(app: Flask, session: Session) -> Browse:
    """Open a browser signed in as somebody."""

    def opened(who: Person) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, who))
        return client

    return opened


@dataclass
class Desk:
    """The page of one event's picture, in one browser."""

    client: FlaskClient
    event_id: int
    store: Path
    usual: dict[str, Any] = field(default_factory=lambda: {"words": WORDS, "credit": CREDIT})

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"/organise/events/{self.event_id}/picture"

    def page(self) -> str:
        return self.client.get(self.address).get_data(as_text=True)

    def give(self, content: bytes | None = None, name: str = "me.jpg", **typed: Any) -> TestResponse:
        """Send the form, with a photograph unless told otherwise; `name=""` sends none, `held` what the form holds."""
        sent = [(io.BytesIO(photograph() if content is None else content), name)] if name else []
        held = [typed.pop("held")] if "held" in typed else []
        data = {**self.usual, "picture": [*held, *sent], **typed}
        filled = {key: value for key, value in data.items() if value}
        answer = self.client.post(self.address, data=filled, content_type="multipart/form-data")
        answer.request.input_stream.close()  # what is large was sent from a file
        return answer

    def press(self, noun: str) -> TestResponse:
        return self.client.post(f"{self.address}/{noun}", follow_redirects=True)

    def lying(self) -> list[Path]:
        """The files on the shelf."""
        return sorted(path for path in (self.store / "uploads").rglob("*") if path.is_file())


@pytest.fixture
def desk(app: Flask, cast: Cast, talk: Event, browse: Browse) -> Desk:
    """Olga's."""
    return Desk(browse(cast.olga), talk.id, app.extensions["settings"].store)
