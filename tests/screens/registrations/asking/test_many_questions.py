"""A form of three hundred questions: shown, saved half-filled, sent within the limits of a request, and read."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions
from programme.engines.questionnaire.checking import MOST_QUESTIONS
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import Opening
from tests.factories import cast
from tests.factories.cast import LONG_AGO, Cast
from tests.screens.registrations.conftest import registrations

pytestmark = pytest.mark.one_database
KINDS = ("short_text", "long_text", "many_of", "one_of", "yes_no", "date")
WORDS = "Because the river carries more than water. " * 100
OPTIONS = [f"Option {number}" for number in range(20)]
GIVEN = {
    "short_text": "Tides",
    "long_text": WORDS,
    "many_of": OPTIONS,
    "one_of": "Option 7",
    "yes_no": "no",
    "date": "2027-02-16",
}


@pytest.fixture
def asked(session: Session, opening: Opening) -> list[Question]:
    """As many questions as a form may have, of six kinds, all required."""
    form = actions.new_questionnaire(session, now=LONG_AGO)
    rows = [
        Question(
            questionnaire_id=form.id,
            position=number,
            kind=KINDS[number % len(KINDS)],
            label=f"Question {number}",
            is_required=True,
            settings={"options": OPTIONS} if KINDS[number % len(KINDS)] in {"many_of", "one_of"} else {},
        )
        for number in range(MOST_QUESTIONS)
    ]
    form.questions.extend(rows)
    opening.questionnaire = form
    session.commit()
    return rows


def whole(asked: list[Question]) -> dict[str, object]:
    answers = {f"q{row.id}": GIVEN[row.kind] for row in asked}
    return {"name": "Gwen Guest", "email": "gwen@example.org", "form_key": "k", **answers}


def test_it_is_shown_sent_and_read(
    app: Flask, client: FlaskClient, session: Session, people: Cast, opening: Opening, asked: list[Question]
) -> None:
    here = f"/openings/{opening.id}/registration"
    page = client.get(here, follow_redirects=True).text
    assert page.count("Question ") >= MOST_QUESTIONS
    half = dict(list(whole(asked).items())[:-1])
    refused = client.post(here, data=half)
    assert refused.status_code == 422
    assert "Enter a date" in refused.text
    assert refused.text.count("Because the river carries") >= MOST_QUESTIONS // len(KINDS)
    assert client.post(here, data=whole(asked)).status_code == 303
    (row,) = registrations(session)
    assert session.scalar(select(func.count()).select_from(Answer)) == MOST_QUESTIONS
    browser = app.test_client()
    browser.set_cookie("programme_session", cast.cookie_for(session, people.omar))
    entry = browser.get(f"/organise/registrations/{row.id}")
    assert entry.text.count("Option 7") >= MOST_QUESTIONS // len(KINDS)


def test_it_is_saved_half_filled_and_comes_back(client: FlaskClient, opening: Opening, asked: list[Question]) -> None:
    half = dict(list(whole(asked).items())[: MOST_QUESTIONS // 2])
    saved = client.post(f"/openings/{opening.id}/drafts", data=half)
    assert saved.status_code == 303
    page = client.get(saved.location).text
    assert page.count("Because the river carries") >= MOST_QUESTIONS // 2 // len(KINDS) - 1
    sent = client.post(f"{saved.location}/registration", data={**whole(asked), "revision": "1"})
    assert sent.status_code == 303
