"""Rules of questions in the browser: when one is asked, which answers end the form, places of options, a preview."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.models import AnswerSheet, Question
from programme.engines.questionnaire.ruling import named
from tests.factories import things
from tests.screens.roll.conftest import As, Evening, text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def stays(evening: Evening, session: Session) -> Question:
    """The question before the room: who stays."""
    sheet = evening.opening.questionnaire
    assert sheet is not None
    row = actions.add_question(session, sheet, kind="yes_no", label="Do you stay?")
    session.commit()
    return row


@pytest.fixture
def room(evening: Evening, session: Session, stays: Question) -> Question:
    """The question about the room, which nobody is asked on a condition yet."""
    sheet = evening.opening.questionnaire
    assert sheet is not None
    settings = {"options": ["Attic", "Barn"]}
    row = actions.add_question(session, sheet, kind="one_of", label="Which room?", settings=settings, is_required=True)
    session.commit()
    return row


def test_a_condition_is_set_shown_and_taken_away(
    evening: Evening, olga: FlaskClient, stays: Question, room: Question
) -> None:
    its = f"{evening.home}/questions/{room.id}/condition"
    assert "Always." in text_of(olga.get(its))
    page = text_of(olga.get(f"{its}?of={stays.id}"))
    assert "Answers to “Do you stay?”" in page
    refused = olga.post(its, data={"source": stays.id})
    assert refused.status_code == 422
    assert "Tick at least one answer." in text_of(refused)
    assert olga.post(its, data={"source": stays.id, "answers": "yes"}).status_code == 303
    words = "Only if you answered “Yes” to “Do you stay?”"
    assert words in text_of(olga.get(f"{evening.home}/questions"))
    assert words in text_of(olga.get(f"{evening.home}/questions/preview"))
    refused = olga.post(f"{evening.home}/questions/{stays.id}/retirement", follow_redirects=True)
    assert "“Which room?” is asked only by the answer" in text_of(refused)
    assert "is always asked" in text_of(olga.post(f"{its}/removal", follow_redirects=True))
    assert words not in text_of(olga.get(f"{evening.home}/questions"))


def test_a_condition_goes_by_earlier_questions_with_choices_only(
    evening: Evening, olga: FlaskClient, stays: Question, room: Question
) -> None:
    its = f"{evening.home}/questions/{stays.id}/condition"
    assert olga.post(its, data={"source": room.id, "answers": "Attic"}).status_code == 404
    assert olga.post(its, data={"source": evening.department.id, "answers": "Chemistry"}).status_code == 404
    refused = olga.post(f"{evening.home}/questions/{room.id}/condition", data={"source": stays.id, "answers": "maybe"})
    assert refused.status_code == 422


def test_an_ending_is_set_and_its_words_are_asked_for(evening: Evening, olga: FlaskClient, stays: Question) -> None:
    its = f"{evening.home}/questions/{stays.id}/ending"
    assert "Write what people read" in text_of(olga.post(its, data={"answers": "no"}))
    olga.post(its, data={"answers": "no", "words": "Thank you, and come another time."})
    assert "Ends the form if the answer is “No”" in text_of(olga.get(f"{evening.home}/questions"))
    ended = olga.post(f"{evening.home}/questions/preview", data={f"q{stays.id}": "no"})
    assert "This form ends here for you" in text_of(ended)
    assert "things to put right" not in text_of(ended)


def test_places_of_options_are_set_and_wrong_ones_refused(
    evening: Evening, olga: FlaskClient, room: Question, session: Session
) -> None:
    its = f"{evening.home}/questions/{room.id}/places"
    refused = olga.post(its, data={named("Attic"): "many", named("Barn"): "4"})
    assert refused.status_code == 422
    assert "Give a whole number above 0 for “Attic”" in text_of(refused)
    olga.post(its, data={named("Attic"): "2", named("Barn"): "", named("Sold meanwhile"): "7"})
    session.refresh(room)
    assert room.settings["places"] == {"Attic": 2}
    assert "Attic (2 places)" in text_of(olga.get(f"{evening.home}/questions"))
    assert olga.get(f"{evening.home}/questions/{evening.department.id}/places").status_code == 404


def test_a_preview_judges_answers_and_keeps_nothing(
    evening: Evening, olga: FlaskClient, session: Session, stays: Question, room: Question
) -> None:
    conditions.ask_only_if(session, room, stays, ["yes"])
    session.commit()
    here, sheets = f"{evening.home}/questions/preview", session.scalar(select(func.count(AnswerSheet.id)))
    missing = olga.post(here, data={f"q{stays.id}": "yes"})
    assert missing.status_code == 422
    assert "Choose one: Which room?" in text_of(missing)
    assert "would be sent. Nothing is kept." in text_of(olga.post(here, data={f"q{stays.id}": "no"}))
    session.rollback()
    assert session.scalar(select(func.count(AnswerSheet.id))) == sheets


def test_a_form_that_one_may_see_is_copied_with_its_conditions(
    evening: Evening, olga: FlaskClient, session: Session, stays: Question, room: Question
) -> None:
    conditions.ask_only_if(session, room, stays, ["yes"])
    other = things.opening(session, events=[things.event(session, lead=evening.people.liverpool, title="Another")])
    session.commit()
    olga.post(f"/organise/openings/{other.id}/questions/copy", data={"opening": evening.opening.id})
    page = text_of(olga.get(f"/organise/openings/{other.id}/questions"))
    assert "Only if you answered “Yes” to “Do you stay?”" in page


def test_a_file_has_kinds_and_a_size_that_the_installation_takes(evening: Evening, olga: FlaskClient) -> None:
    here, data = f"{evening.home}/questions", {"kind": "file", "label": "Your poster"}
    assert "Tick at least one kind of file" in text_of(olga.post(here, data=data))
    assert "Give a whole number of megabytes" in text_of(
        olga.post(here, data={**data, "accepts": "pdf", "megabytes": "half"})
    )
    large = olga.post(here, data={**data, "accepts": "pdf", "megabytes": "11"})
    assert large.status_code == 422
    assert "This installation takes files of 10 MB at most." in text_of(large)
    assert olga.post(here, data={**data, "accepts": ["pdf", "png"], "megabytes": "10"}).status_code == 303
    assert "A PDF or a PNG picture, 10 MB at most." in text_of(olga.get(f"{here}/preview"))


def test_the_page_says_how_many_answered_which_version_and_a_person_which(
    evening: Evening, olga: FlaskClient, signed_in: As
) -> None:
    olga.post(
        f"{evening.home}/questions/{evening.department.id}", data={"kind": "short_text", "label": "Which department?"}
    )
    told = f'Answered so far: <a href="{evening.home}?version=1">version 1 by 3</a>.'
    assert told in text_of(olga.get(f"{evening.home}/questions"))
    assert evening.people.alice.name in text_of(olga.get(f"{evening.home}?version=1"))
    nobody = text_of(olga.get(f"{evening.home}?version=2"))
    assert "Only those who answered version 2 of the form." in nobody
    assert evening.people.alice.name not in nobody
    assert "Version 1 of the form" in text_of(olga.get(f"/organise/registrations/{evening.alice.id}"))


def test_consent_shows_the_words_that_were_agreed_to(evening: Evening, olga: FlaskClient, session: Session) -> None:
    sheet = evening.opening.questionnaire
    assert sheet is not None
    photographs = actions.add_question(session, sheet, kind="consent", label="I agree to photographs", hint="Or not.")
    evening.alice.answer_sheet = actions.answer(
        session, sheet, {photographs.id: "I agree to photographs\nOr not."}, now=evening.alice.joined_at
    )
    session.commit()
    page = text_of(olga.get(f"/organise/registrations/{evening.alice.id}"))
    assert "Agreed to: “I agree to photographs Or not.”" in " ".join(page.split())


def test_every_kind_of_question_is_shown_and_says_what_is_missing(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    sheet = evening.opening.questionnaire
    assert sheet is not None
    for name, kind in KINDS.items():
        settings = {"options": ["This", "That"]} if kind.has_options else {}
        settings |= {"accepts": ["pdf"]} if kind.takes_files else {}
        actions.add_question(session, sheet, kind=name, label=f"About {name}", settings=settings, is_required=True)
    session.commit()
    here = f"{evening.home}/questions/preview"
    shown, missing = text_of(olga.get(here)), text_of(olga.post(here))
    for name, kind in KINDS.items():
        assert f"About {name}" in shown
        assert (f": About {name}" in missing) is kind.asks
