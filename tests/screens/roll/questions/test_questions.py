"""Building the form of an opening in the browser."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.questionnaire.building import READY_MADE
from programme.engines.questionnaire.models import Question
from tests.factories import things
from tests.screens.roll.conftest import Evening, text_of

pytestmark = pytest.mark.one_database


def test_question_is_added_with_its_options(evening: Evening, olga: FlaskClient, session: Session) -> None:
    values = {"kind": "one_of", "label": "Which session?", "options": "Morning\n\n Afternoon ", "is_required": "y"}
    assert "The question is added." in text_of(
        olga.post(f"{evening.home}/questions", data=values, follow_redirects=True)
    )
    row = session.scalars(select(Question).where(Question.label == "Which session?")).one()
    assert row.settings == {"options": ["Morning", "Afternoon"]}
    assert row.is_required
    preview = text_of(olga.get(f"{evening.home}/questions/preview"))
    assert "Afternoon" in preview


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": ""}, "Choose what kind of question this is."),
        ({"kind": "riddle"}, "Choose what kind of question this is."),
        ({"label": ""}, "Write the question."),
        ({"kind": "one_of", "options": "Only"}, "Give 2 to 50 options, one on each line."),
        ({"kind": "number", "least": "9", "most": "1"}, "The lower bound is above the upper one."),
    ],
)
def test_wrong_question_is_refused_and_kept(
    wrong: dict[str, str], sentence: str, evening: Evening, olga: FlaskClient
) -> None:
    values = {"kind": "short_text", "label": "Why?", "hint": "Kept words", **wrong}
    answer = olga.post(f"{evening.home}/questions", data=values)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Kept words" in text_of(answer)


def test_answered_question_is_succeeded_and_the_page_says_so(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    here = f"{evening.home}/questions/{evening.department.id}"
    assert "This was answered." in text_of(olga.get(here))
    olga.post(here, data={"kind": "short_text", "label": "Department and building"})
    page = text_of(olga.get(f"{evening.home}/questions"))
    assert "People have answered this form." in page
    assert "Not asked any more" in page
    assert "This is version 2." in page
    assert olga.get(here).status_code == 404
    assert "Chemistry" in text_of(olga.get(f"/organise/registrations/{evening.alice.id}"))


def test_questions_move_and_retire(evening: Evening, olga: FlaskClient) -> None:
    here = f"{evening.home}/questions"
    olga.post(f"{here}/{evening.diet.id}/place", data={"to": "up"})
    page = text_of(olga.get(here))
    assert page.index("What do you eat?") < page.index("Department or group")
    olga.post(f"{here}/{evening.diet.id}/retirement")
    assert "What do you eat?" not in text_of(olga.get(f"{here}/preview"))


def test_ready_made_questions_and_other_forms_are_added(evening: Evening, olga: FlaskClient, session: Session) -> None:
    event = things.event(session, lead=evening.people.liverpool, title="Another")
    opening = things.opening(session, events=[event])
    session.commit()
    here = f"/organise/openings/{opening.id}/questions"
    for key in READY_MADE:
        assert olga.post(f"{here}/ready-made", data={"question": key}).status_code == 303
    assert "Which describes you best?" in text_of(olga.get(f"{here}/preview"))
    olga.post(f"{here}/copy", data={"opening": evening.opening.id})
    assert text_of(olga.get(f"{here}/preview")).count("What do you eat?") == 2
    said = text_of(olga.post(f"{here}/copy", data={"opening": "999"}, follow_redirects=True))
    assert "Choose an opening whose form you may copy." in said


def test_question_of_another_form_is_not_found(evening: Evening, olga: FlaskClient, session: Session) -> None:
    event = things.event(session, lead=evening.people.liverpool, title="Another")
    opening = things.opening(session, events=[event])
    session.commit()
    here = f"/organise/openings/{opening.id}/questions/{evening.diet.id}"
    assert olga.get(here).status_code == 404
    assert olga.post(f"{here}/retirement").status_code == 404
