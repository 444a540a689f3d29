"""Bringing others along: their names on the form, the list behind the link, their answers, the roll and the files."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.models import Opening
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast
from tests.screens.registrations.conftest import Send, letters, page_of, registrations


@pytest.fixture
def dinner(session: Session, people: Cast) -> Opening:
    """Four places at a dinner with a menu, for three at most in one registration."""
    row = things.opening(
        session, events=[things.event(session, lead=people.oxford, title="Dinner")], capacity=4, most_together=3
    )
    row.questionnaire = new_questionnaire(session, now=LONG_AGO)
    add_question(session, row.questionnaire, kind="short_text", label="Food you cannot eat")
    session.commit()
    return row


TWO = {"others-0": "Bea Bloggs", "others-1": "  Cem   Can "}


def test_names_are_asked_for_and_each_is_counted(
    client: FlaskClient, app: Flask, send: Send, session: Session, dinner: Opening
) -> None:
    page = client.get(f"/openings/dinner-{dinner.id}/registration").text
    assert "You can bring 2 others" in page
    assert "3rd person" in page
    send(dinner, **TWO)
    row = registrations(session)[0]
    assert (row.heads, [one.name for one in row.companions]) == (3, ["Bea Bloggs", "Cem Can"])
    assert "With you: Bea Bloggs and Cem Can." in client.get(page_of(app, row)).text
    assert "1 of 4 places left" in client.get(f"/openings/dinner-{dinner.id}/registration").text


def test_a_group_that_finds_no_place_and_no_list_keeps_all_that_was_typed(
    send: Send, session: Session, dinner: Opening
) -> None:
    dinner.has_waiting_list = False
    session.commit()
    send(dinner, **TWO)
    refused = send(dinner, name="Wanda", email="wanda@example.org", **TWO)
    assert refused.status_code == 422
    assert "not places enough for all 3 of you" in refused.text
    assert 'value="Bea Bloggs"' in refused.text
    assert send(dinner, name="Wanda", email="wanda@example.org").status_code == 303


def test_the_list_behind_the_link_brings_and_leaves_out(
    client: FlaskClient, app: Flask, send: Send, session: Session, dinner: Opening
) -> None:
    send(dinner, **TWO)
    send(dinner, name="Wanda", email="wanda@example.org")
    send(dinner, name="Xaver", email="xaver@example.org")
    row = registrations(session)[0]
    here = f"{page_of(app, row)}/companions"
    assert "Bea Bloggs" in client.get(here).text
    gone = client.post(f"{here}/{row.companions[0].id}/removal", follow_redirects=True).text
    assert "Bea Bloggs does not come. One place is given back." in gone
    assert letters(session)[-1] == ("registration_promoted", "xaver@example.org")
    again = client.post(here, data={"others": "Eve Ever"})
    assert again.status_code == 422
    assert "There is no place left for one more" in again.text
    assert 'value="Eve Ever"' in again.text
    assert client.post(here, data={"others": " "}).status_code == 422
    assert registrations(session)[0].heads == 2


def test_each_has_answers_of_their_own_and_all_are_in_the_files(
    client: FlaskClient, app: Flask, send: Send, session: Session, people: Cast, dinner: Opening
) -> None:
    assert dinner.questionnaire is not None
    field = f"q{dinner.questionnaire.questions[0].id}"
    send(dinner, **TWO, **{field: "Nuts"})
    row = registrations(session)[0]
    here = f"{page_of(app, row)}/companions"
    answers = f"{here}/{row.companions[0].id}/answers"
    assert "Answers of Bea Bloggs" in client.get(answers).text
    assert "are kept" in client.post(answers, data={field: "Milk"}, follow_redirects=True).text
    assert 'value="Milk"' in client.get(answers).text
    assert client.get(f"{here}/{row.companions[0].id + 99}/answers").status_code == 404
    session.rollback()
    client.set_cookie("programme_session", cast.cookie_for(session, people.omar))
    roll = f"/organise/openings/{dinner.id}"
    assert "with Bea Bloggs and Cem Can" in client.get(roll).text
    assert "Gwen Guest" in client.get(f"{roll}?q=cem").text
    question = dinner.questionnaire.questions[0].id
    sent = {"reach": "holding", "format": "csv", "questions": [question]}
    lines = client.post(f"{roll}/export", data=sent).text.splitlines()
    assert any("Bea Bloggs (with Gwen Guest)" in line and "Milk" in line for line in lines)
    entry = client.get(f"/organise/registrations/{row.id}").text
    assert "Answers of Bea Bloggs" in entry
    assert "Milk" in entry
    assert "Answers of Cem Can" not in entry
    sheet = client.get(f"{roll}/sheet").text
    assert "3 people expected" in sheet
    assert "Cem Can" in sheet
    event = dinner.events[0].id
    door = client.get(f"{roll}/door/{event}").text
    assert [name for name in ("Gwen Guest", "Bea Bloggs", "Cem Can") if name not in door] == []


def test_sensitive_answers_of_who_comes_along_are_for_the_lead_alone(
    client: FlaskClient, app: Flask, send: Send, session: Session, people: Cast, dinner: Opening
) -> None:
    assert dinner.questionnaire is not None
    question = dinner.questionnaire.questions[0]
    question.is_sensitive, field = True, f"q{question.id}"
    dinner.co_owners = [people.liverpool]
    session.commit()
    send(dinner, **TWO)
    row = registrations(session)[0]
    address = f"{page_of(app, row)}/companions/{row.companions[0].id}/answers"
    client.post(address, data={field: "Milk"})
    session.rollback()
    for who, is_shown in ((people.omar, True), (people.olga, False)):
        client.set_cookie("programme_session", cast.cookie_for(session, who))
        entry = client.get(f"/organise/registrations/{row.id}").text
        assert "Answers of Bea Bloggs" in entry
        assert ("Milk" in entry) is is_shown
        assert ("Only the lead’s organisers may read this." in entry) is not is_shown
        session.rollback()
