"""The preview of a form that is filled in one section a page goes as people go: on, back, and nothing is kept."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.documents.models import Document
from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.models import AnswerSheet, Question
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Registration
from programme.engines.registration.states import OpeningState
from tests.factories.cast import LONG_AGO
from tests.screens.roll.conftest import As, Evening, text_of

pytestmark = pytest.mark.one_database
SAID = re.compile(r"Section (\d of \d)")


@pytest.fixture
def asked(evening: Evening, session: Session) -> dict[str, Question]:
    """The work, the night for those who stay, and last words with a file."""
    evening.opening.section_a_page = True
    evening.opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    found = {"": actions.add_question(session, form, kind="section", label="Your work")}
    found["work"] = actions.add_question(session, form, kind="short_text", label="What on?", is_required=True)
    found["stays"] = actions.add_question(session, form, kind="yes_no", label="Do you stay?", is_required=True)
    night = actions.add_question(session, form, kind="section", label="The night")
    found["tent"] = actions.add_question(session, form, kind="short_text", label="Which tent?", is_required=True)
    actions.add_question(session, form, kind="section", label="Last words")
    found["cv"] = actions.add_question(
        session, form, kind="file", label="A CV", is_required=True, settings={"accepts": ["pdf"]}
    )
    conditions.ask_only_if(session, night, found["stays"], ["yes"])
    session.commit()
    return found


def here(evening: Evening) -> str:
    return f"{evening.home}/questions/preview"


def sent(asked: dict[str, Question], **typed: str) -> dict[str, str]:
    """The form as a browser sends it from any of its pages."""
    about = {"name": "Olga Oakhurst", "email": "olga@liverpool.example.ac.uk", "organisation": "liverpool"}
    answers = {f"q{asked[name].id}": text for name, text in typed.items() if name in asked}
    return {**about, **answers, **{name: text for name, text in typed.items() if name not in asked}}


def place(page: str) -> str:
    found = SAID.search(re.sub(r"<[^>]+>", "", page))
    assert found is not None
    return found[1]


def test_it_begins_with_the_first_section_and_shows_no_other(
    evening: Evening, olga: FlaskClient, asked: dict[str, Question]
) -> None:
    page = text_of(olga.get(here(evening)))
    assert place(page) == "1 of 3"
    assert "one section a page" in page
    assert 'value="Olga Oakhurst"' in page
    before, _, after = page.partition("Your work</legend>")
    assert "<div hidden>" in before[-200:]
    assert "What on?" in after


def test_it_goes_on_where_all_is_right_and_says_what_is_not(
    evening: Evening, olga: FlaskClient, asked: dict[str, Question]
) -> None:
    second = olga.post(here(evening), data=sent(asked, section="1", go="on"))
    assert (second.status_code, place(text_of(second))) == (200, "2 of 3")
    wrong = olga.post(here(evening), data=sent(asked, section="2", go="on", stays="yes"))
    assert (wrong.status_code, place(text_of(wrong))) == (422, "2 of 4")
    assert "What on?" in text_of(wrong).partition("to put right")[2][:600]
    assert "Which tent?" not in text_of(wrong).partition("to put right")[2][:600]
    third = olga.post(here(evening), data=sent(asked, section="2", go="on", work="Tides", stays="yes"))
    assert place(text_of(third)) == "3 of 4"
    skipped = olga.post(here(evening), data=sent(asked, section="2", go="on", work="Tides", stays="no"))
    assert place(text_of(skipped)) == "3 of 3"
    back = olga.post(here(evening), data=sent(asked, section="3", go="back", stays="yes"))
    assert (back.status_code, place(text_of(back))) == (200, "2 of 4")


def test_the_last_button_judges_it_all_and_nothing_is_kept(
    evening: Evening, olga: FlaskClient, session: Session, asked: dict[str, Question]
) -> None:
    tables = (AnswerSheet, Draft, Document, Registration)
    before = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    session.rollback()
    data = sent(asked, section="4", work="Tides", stays="no")
    missing = olga.post(here(evening), data=data)
    assert (missing.status_code, place(text_of(missing))) == (422, "3 of 3")
    file = {f"q{asked['cv'].id}": (BytesIO(b"%PDF-1.4"), "cv.pdf")}
    right = olga.post(here(evening), data={**data, **file}, content_type="multipart/form-data")
    page = text_of(right)
    assert "With these answers the form would be sent. Nothing is kept." in page
    assert "cv.pdf" in page
    held = re.search(rf'name="q{asked["cv"].id}" value="([^"]+)"', page)
    assert held is not None
    again = olga.post(here(evening), data={**data, f"q{asked['cv'].id}": held[1]})
    assert "would be sent. Nothing is kept." in text_of(again), "a file that was chosen goes from page to page"
    session.rollback()
    assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == before


@pytest.mark.parametrize("state", [OpeningState.DRAFT, OpeningState.OPEN])
def test_it_is_for_those_who_may_edit_the_opening(
    evening: Evening, signed_in: As, session: Session, asked: dict[str, Question], state: OpeningState
) -> None:
    evening.opening.state = state
    session.commit()
    assert signed_in(evening.people.omar).get(here(evening)).status_code == 200, "Oxford shares it"
    for who in (evening.stranger, evening.people.alice, None):
        client = signed_in(who)
        answers = (client.get(here(evening)), client.post(here(evening), data=sent(asked, section="1", go="on")))
        for answer in answers:
            assert answer.status_code != 200
            assert "What on?" not in text_of(answer)
