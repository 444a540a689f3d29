"""A long application: ten questions, of which one is a file, that closes in two weeks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.engines.mail.models import OutboxMessage
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Question
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Opening
from tests.bed.clock import Clock
from tests.factories import cast
from tests.factories.cast import LONG_AGO, Cast

Begin = Callable[..., str]
SOME = 9


@pytest.fixture
def asked(session: Session, opening: Opening, clock: Clock) -> list[Question]:
    """The questions of the form."""
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    opening.closes_at = clock.now + timedelta(days=14)
    rows = [
        actions.add_question(session, form, kind="short_text", label=f"Question {number}", is_required=True)
        for number in range(SOME)
    ]
    rows.append(
        actions.add_question(session, form, kind="file", label="Your CV", settings={"accepts": ["pdf"], "most": "1"})
    )
    session.commit()
    return rows


@pytest.fixture
def begin(client: FlaskClient, opening: Opening, asked: list[Question]) -> Begin:
    """Save the form for the first time, half-filled; gives the address of the draft."""

    def begun(*, browser: FlaskClient = client, email: str = "gwen@example.org", **typed: Any) -> str:
        data = {"email": email, f"q{asked[0].id}": "Tides", **typed}
        answer = browser.post(f"/openings/{opening.id}/drafts", data=data, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    return begun


@pytest.fixture
def alice(app: Flask, session: Session, people: Cast) -> FlaskClient:
    """Alice's browser, signed in."""
    client = app.test_client()
    client.set_cookie("programme_session", cast.cookie_for(session, people.alice))
    session.commit()
    return client


def save(browser: FlaskClient, here: str, *, revision: int, **typed: Any) -> TestResponse:
    """Press the button that saves."""
    data = {"email": "gwen@example.org", "revision": str(revision), **typed}
    return browser.post(here, data=data, content_type="multipart/form-data")


def drafts(session: Session) -> list[Draft]:
    """Every draft, oldest first, as stored now."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Draft).order_by(Draft.id)))


def secrets(session: Session) -> list[str]:
    """To whom letters about drafts went, by kind."""
    session.rollback()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.letter.like("draft%")).order_by(OutboxMessage.id))
    return [f"{row.letter} {row.recipient}" for row in rows]
