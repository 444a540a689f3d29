"""What was answered to the follow-up form finds people on the roll, in every bulk act, and is counted in the totals."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Question
from programme.engines.registration.follow_ups.models import FollowUp
from tests.screens.roll.conftest import As, Evening, letters, text_of


@pytest.fixture
def omar(evening: Evening, signed_in: As) -> FlaskClient:
    """Omar, whose university shares the opening: Bob is its member, Alice is not."""
    return signed_in(evening.people.omar)


@pytest.fixture
def medicine(session: Session, asked: Question) -> Question:
    """The sensitive one of the questions."""
    form = session.scalars(select(FollowUp)).one()
    found = actions.current_questions(form.questionnaire)[1]
    session.rollback()
    return found


@pytest.fixture
def answered(
    app: Flask, evening: Evening, session: Session, client: FlaskClient, asked: Question, medicine: Question
) -> Question:
    """Alice and Bob have answered, with the same medicine; Charlie waits and was never asked."""
    links = app.extensions["links"]
    secret, room = f"q{medicine.id}", f"q{asked.id}"
    for row, where in ((evening.alice, "The attic"), (evening.bob, "The cellar")):
        client.post(f"{links.path(row)}/follow-up", data={room: where, secret: "Insulin"})
    session.rollback()
    return asked


def test_the_roll_finds_who_answered_so(evening: Evening, olga: FlaskClient, answered: Question) -> None:
    page = text_of(olga.get(f"{evening.home}?answer={answered.id}&said=the+attic"))
    assert page.count("/organise/registrations/") == 1
    assert evening.alice.name in page


def test_not_answered_are_only_those_who_were_asked(
    app: Flask, evening: Evening, client: FlaskClient, olga: FlaskClient, asked: Question
) -> None:
    client.post(f"{app.extensions['links'].path(evening.alice)}/follow-up", data={f"q{asked.id}": "The attic"})
    page = text_of(olga.get(f"{evening.home}?answer={asked.id}&said=(not+answered)"))
    assert page.count("/organise/registrations/") == 1
    assert evening.bob.name in page, "Charlie has no place, and was not asked"


def test_all_who_answered_so_are_decided_about_and_written_to(
    evening: Evening, olga: FlaskClient, session: Session, answered: Question
) -> None:
    whom = {"everybody": "1", "answer": answered.id, "said": "The attic"}
    page = text_of(olga.get(f"{evening.home}/decision", query_string={**whom, "do": "refusal"}))
    assert "Refuse: 1 person" in page
    assert evening.alice.address in page
    assert evening.bob.address not in page
    letter = {**whom, "once": "x", "subject": "The attic", "text": "Mind the stairs."}
    assert "1 letter on the way." in text_of(olga.post(f"{evening.home}/letters", data=letter, follow_redirects=True))
    asked = ("follow_up", evening.people.bob.address)
    written = letters(session)
    assert written[written.index(asked) + 1 :] == [("organiser_message", evening.people.alice.address)]


def test_sensitive_ones_find_ones_own_members_only(
    omar: FlaskClient, evening: Evening, answered: Question, medicine: Question
) -> None:
    for address in ("", "/decision"):
        asked = {"answer": medicine.id, "said": "Insulin", "everybody": "1", "do": "cancellation"}
        page = text_of(omar.get(f"{evening.home}{address}", query_string=asked))
        assert evening.bob.name in page
        assert evening.alice.name not in page


def test_totals_count_them_among_those_who_were_asked(
    app: Flask, evening: Evening, client: FlaskClient, olga: FlaskClient, asked: Question, medicine: Question
) -> None:
    client.post(f"{app.extensions['links'].path(evening.alice)}/follow-up", data={f"q{asked.id}": "The attic"})
    page = text_of(olga.get(f"{evening.home}/totals"))
    part = page[page.index("Which room?</h2>") :].split("</section>")[0]
    assert "On the follow-up form, of those who were asked it." in part
    assert f"answer={asked.id}&said=The%20attic" in part
    assert f"answer={asked.id}&said=%28not%20answered%29" in part
    assert part.count('num">') + part.count('num muted">') == 2
    assert "1<span" in part.split("Not answered")[1], "Bob"


def test_totals_of_sensitive_ones_are_of_ones_own_members(
    omar: FlaskClient, evening: Evening, answered: Question, medicine: Question
) -> None:
    page = text_of(omar.get(f"{evening.home}/totals"))
    part = page[page.index("Which medicine?</h2>") :].split("</section>")[0]
    assert "Your own members only." in part
    assert "1<span" in part
