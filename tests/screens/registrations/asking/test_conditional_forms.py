"""Forms whose questions depend on answers, as whoever registers meets them; decided on the server."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import Opening
from programme.extensions import db
from tests.factories.cast import LONG_AGO
from tests.screens.registrations.conftest import Send, registrations

pytestmark = pytest.mark.one_database
SORRY = "Thank you for asking. This day is for members; our talks are open to all."


@pytest.fixture
def asked(session: Session, opening: Opening) -> dict[str, Question]:
    """A form that ends for whoever is no member, and asks who stays in which room; of the attic there is one place."""
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    member = actions.add_question(session, form, kind="yes_no", label="Are you a member?", is_required=True)
    stays = actions.add_question(session, form, kind="yes_no", label="Do you stay?")
    section = actions.add_question(session, form, kind="section", label="The night", hint="At the old house.")
    options = {"options": ["Attic", "Barn"]}
    room = actions.add_question(session, form, kind="one_of", label="Which room?", settings=options, is_required=True)
    conditions.end_form_at(session, member, ["no"], SORRY)
    conditions.ask_only_if(session, section, stays, ["yes"])
    conditions.limit_options(session, room, {"Attic": 1})
    session.commit()
    return {"member": member, "stays": stays, "room": room}


def typed(asked: dict[str, Question], **answers: str) -> dict[str, str]:
    return {f"q{asked[name].id}": answer for name, answer in answers.items()}


def answers(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Answer.text).order_by(Answer.question_id)))


def test_what_is_hidden_is_not_required_and_not_kept(
    session: Session, opening: Opening, send: Send, asked: dict[str, Question]
) -> None:
    assert send(opening, **typed(asked, member="yes", stays="no", room="Barn")).status_code == 303
    assert answers(session) == ["Yes", "No"]


def test_what_is_shown_is_required(session: Session, opening: Opening, send: Send, asked: dict[str, Question]) -> None:
    refused = send(opening, **typed(asked, member="yes", stays="yes"))
    assert refused.status_code == 422
    assert "Choose one: Which room?" in refused.text
    assert registrations(session) == []


def test_an_answer_that_ends_the_form_is_answered_kindly_and_keeps_what_was_typed(
    session: Session, opening: Opening, send: Send, asked: dict[str, Question]
) -> None:
    ended = send(opening, name="", email="gwen@example.org", **typed(asked, member="no", stays="yes"))
    assert ended.status_code == 422
    assert "This form ends here for you" in ended.text
    assert SORRY in ended.text
    assert "to put right" not in ended.text
    assert "<title>Error" not in ended.text
    assert 'value="gwen@example.org"' in ended.text
    assert registrations(session) == []


def test_a_form_says_when_a_question_is_asked_for_browsers_that_cannot_hide_it(
    client: FlaskClient, opening: Opening, asked: dict[str, Question]
) -> None:
    page = client.get(f"/openings/{opening.id}/registration", follow_redirects=True).text
    assert "Only if you answered “Yes” to “Do you stay?”" in page
    assert "If you answer “No”:" in page
    assert 'data-needs="2"' in page


def test_a_full_option_is_said_and_refused_and_everything_typed_stays(
    session: Session, client: FlaskClient, opening: Opening, send: Send, asked: dict[str, Question]
) -> None:
    form = typed(asked, member="yes", stays="yes", room="Attic")
    address = f"/openings/{opening.id}/registration"
    assert "Full: every place is taken." not in client.get(address, follow_redirects=True).text
    assert send(opening, email="a@example.org", **form).status_code == 303
    assert "Full: every place is taken." in client.get(address, follow_redirects=True).text
    refused = send(opening, email="b@example.org", **form)
    assert refused.status_code == 422
    assert "“Attic” is full. Choose another: Which room?" in refused.text
    assert 'value="b@example.org"' in refused.text
    assert [row.address for row in registrations(session)] == ["a@example.org"]


def test_changed_answers_go_by_the_same_rules(
    session: Session, app: Flask, client: FlaskClient, opening: Opening, send: Send, asked: dict[str, Question]
) -> None:
    send(opening, email="a@example.org", **typed(asked, member="yes", stays="yes", room="Attic"))
    send(opening, email="b@example.org", **typed(asked, member="yes", stays="yes", room="Barn"))
    first, second = (app.extensions["links"].path(row) for row in registrations(session))
    form = typed(asked, member="yes", stays="yes", room="Attic")
    assert client.post(f"{first}/answers", data=form).status_code == 303
    refused = client.post(f"{second}/answers", data=form)
    assert refused.status_code == 422
    assert "“Attic” is full" in refused.text
    assert client.post(f"{second}/answers", data=typed(asked, member="yes", stays="no")).status_code == 303
    assert answers(session) == ["Yes", "Yes", "Yes", "No", "Attic"]


def test_conditions_cost_no_query_and_options_with_places_one(
    app: Flask, client: FlaskClient, session: Session, opening: Opening, send: Send, asked: dict[str, Question]
) -> None:
    address, form = f"/openings/{opening.id}/registration", typed(asked, member="yes", stays="yes", room="Barn")
    client.get(address, follow_redirects=True)
    with app.app_context():
        engine = db.engine
    found = []
    for places in ({"Attic": 1}, {}):
        conditions.limit_options(session, asked["room"], places)
        opening.title += "!"
        session.commit()
        send(opening, email=f"warm{len(places)}@example.org", **form)
        with counted(engine) as statements:
            send(opening, email=f"it{len(places)}@example.org", **form)
        found.append(len(statements))
    assert found[0] - found[1] == 1


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Note every statement that goes to the database, but for those that begin a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
