"""Forms that change: what was answered is never altered."""

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.questionnaire import actions, moving
from programme.engines.questionnaire.models import Questionnaire
from tests.factories.cast import LONG_AGO


@pytest.fixture
def form(session: Session) -> Questionnaire:
    """A form with two questions."""
    row = actions.new_questionnaire(session, now=LONG_AGO)
    actions.add_question(session, row, kind="short_text", label="Why?")
    actions.add_question(session, row, kind="one_of", label="How?", settings={"options": ["Coach", "Train"]})
    session.commit()
    return row


def labels(form: Questionnaire) -> list[str]:
    return [question.label for question in actions.current_questions(form)]


def test_a_question_nobody_answered_changes_in_place(session: Session, form: Questionnaire) -> None:
    question = form.questions[0]
    assert actions.change_question(session, question, label="Why now?") is question
    assert form.version == 1
    assert len(form.questions) == 2


def test_an_answered_question_is_retired_and_succeeded_and_its_answers_stay(
    session: Session, form: Questionnaire
) -> None:
    former = form.questions[0]
    sheet = actions.answer(session, form, {former.id: "Because"}, now=LONG_AGO)
    session.commit()
    successor = actions.change_question(session, former, label="Why now?")
    session.commit()
    session.refresh(form)
    assert successor.id != former.id
    assert labels(form) == ["Why now?", "How?"]
    assert (former.label, former.retired_in, form.version, sheet.version) == ("Why?", 2, 2, 1)
    assert [(answer.question.label, answer.text) for answer in sheet.answers] == [("Why?", "Because")]


def test_a_question_moves_and_the_others_close_up(session: Session, form: Questionnaire) -> None:
    moving.move_question(session, form.questions[1], steps=-1)
    assert labels(form) == ["How?", "Why?"]
    moving.move_question(session, form.questions[0], steps=-5)
    assert labels(form) == ["How?", "Why?"]


def test_a_retired_question_is_asked_no_more(session: Session, form: Questionnaire) -> None:
    actions.retire_question(session, form.questions[0])
    assert labels(form) == ["How?"]


def test_a_copy_asks_the_same_and_shares_nothing(session: Session, form: Questionnaire) -> None:
    copy = actions.copy_questionnaire(session, form, now=LONG_AGO)
    actions.change_question(session, copy.questions[0], label="Other")
    assert labels(form) == ["Why?", "How?"]
    assert labels(copy) == ["Other", "How?"]


def test_answers_again_replace_what_is_asked_and_keep_what_is_not(session: Session, form: Questionnaire) -> None:
    why, how = form.questions
    sheet = actions.answer(session, form, {why.id: "Because", how.id: "Coach"}, now=LONG_AGO)
    session.commit()
    actions.retire_question(session, why)
    actions.answer_again(session, sheet, {how.id: "Train"}, now=LONG_AGO)
    session.commit()
    session.refresh(sheet)
    assert sorted(answer.text for answer in sheet.answers) == ["Because", "Train"]
    actions.answer_again(session, sheet, {how.id: None}, now=LONG_AGO)
    session.commit()
    session.refresh(sheet)
    assert [answer.text for answer in sheet.answers] == ["Because"]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"kind": "colour", "label": "Colour?"}, "kind"),
        ({"kind": "short_text", "label": "  "}, "label"),
        ({"kind": "one_of", "label": "?", "settings": {"options": ["One"]}}, "options"),
        ({"kind": "many_of", "label": "?", "settings": {"options": ["One", "One"]}}, "options"),
        ({"kind": "number", "label": "?", "settings": {"least": "5", "most": "1"}}, "least"),
        ({"kind": "number", "label": "?", "settings": {"least": "few"}}, "least"),
    ],
)
def test_a_question_nobody_could_answer_is_refused(
    session: Session, form: Questionnaire, question: dict[str, object], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        actions.add_question(session, form, **question)
    assert refused.value.field == field
