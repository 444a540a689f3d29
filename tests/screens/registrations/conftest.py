"""What the pages of registering are tested on: the cast, an evening with one place left to fight for, and letters."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from tests.bed.clock import Clock
from tests.factories import cast, things
from tests.factories.cast import Cast

Send = Callable[..., TestResponse]


@pytest.fixture
def people(session: Session, clock: Clock) -> Cast:
    """The cast, on a Tuesday in January."""
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """Twenty places at a talk led by Oxford."""
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=20)
    session.commit()
    return row


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Send the form of an opening as a browser would."""

    def sent(opening: Opening, **values: Any) -> TestResponse:
        data = {"name": "Gwen Guest", "email": "gwen@example.org", "form_key": values.get("email", "key"), **values}
        return client.post(f"/openings/{opening.id}/registration", data=data)

    return sent


def registrations(session: Session) -> list[Registration]:
    """Every registration, oldest first, as stored now."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Registration).order_by(Registration.id)))


def letters(session: Session) -> list[tuple[str, str]]:
    """Every letter in the outbox as (kind, address), oldest first."""
    session.rollback()
    rows = session.execute(select(OutboxMessage.letter, OutboxMessage.recipient).order_by(OutboxMessage.id))
    return [(letter, recipient) for letter, recipient in rows]


def page_of(app: Flask, row: Registration) -> str:
    """The address of a registration's page."""
    path: str = app.extensions["links"].path(row)
    return path
