"""Conditions, endings and places of options as an organiser sets them, and what becomes of them as a form changes."""

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.questionnaire import actions, conditions, moving
from programme.engines.questionnaire.kinds import Condition
from programme.engines.questionnaire.models import Question, Questionnaire
from tests.factories.cast import LONG_AGO

pytestmark = pytest.mark.one_database


@pytest.fixture
def form(session: Session) -> Questionnaire:
    """A form that asks who stays overnight in which room they sleep."""
    row = actions.new_questionnaire(session, now=LONG_AGO)
    stays = actions.add_question(session, row, kind="yes_no", label="Do you stay?")
    room = actions.add_question(
        session, row, kind="one_of", label="Which room?", settings={"options": ["Attic", "Barn"]}
    )
    conditions.ask_only_if(session, room, stays, ["yes"])
    session.commit()
    return row


def asked(form: Questionnaire) -> list[Question]:
    return actions.current_questions(form)


def test_answers_to_what_is_not_asked_are_not_kept(session: Session, form: Questionnaire) -> None:
    stays, room = asked(form)
    sheet = actions.answer(session, form, {stays.id: False, room.id: "Barn"}, now=LONG_AGO)
    session.commit()
    assert [row.text for row in sheet.answers] == ["No"]


def test_answers_go_when_another_answer_hides_their_question(session: Session, form: Questionnaire) -> None:
    stays, room = asked(form)
    sheet = actions.answer(session, form, {stays.id: True, room.id: "Barn"}, now=LONG_AGO)
    session.commit()
    actions.answer_again(session, sheet, {stays.id: False, room.id: "Barn"}, now=LONG_AGO)
    session.commit()
    session.refresh(sheet)
    assert [row.text for row in sheet.answers] == ["No"]


def test_a_question_that_another_depends_on_neither_goes_nor_moves_behind_it(
    session: Session, form: Questionnaire
) -> None:
    stays, room = asked(form)
    with pytest.raises(Refusal, match="Which room"):
        actions.retire_question(session, stays)
    with pytest.raises(Refusal, match="has to come after it"):
        moving.move_question(session, room, steps=-1)
    with pytest.raises(Refusal, match="“yes”"):
        actions.change_question(session, stays, kind="short_text")


def test_conditions_follow_the_successor_of_an_answered_question(session: Session, form: Questionnaire) -> None:
    stays, room = asked(form)
    actions.answer(session, form, {stays.id: True, room.id: "Barn"}, now=LONG_AGO)
    session.commit()
    successor = actions.change_question(session, stays, label="Do you stay the night?")
    assert actions.condition_of(room) == Condition(successor.id, ("yes",))
    assert form.version == 2


def test_a_condition_begins_a_new_version_once_the_form_was_answered(session: Session, form: Questionnaire) -> None:
    stays, room = asked(form)
    actions.answer(session, form, {stays.id: True, room.id: "Barn"}, now=LONG_AGO)
    session.commit()
    conditions.ask_always(session, room)
    assert (form.version, actions.condition_of(room)) == (2, None)


def test_places_of_options_ask_nothing_anew_and_stay_as_options_do(session: Session, form: Questionnaire) -> None:
    _, room = asked(form)
    conditions.limit_options(session, room, {"Attic": 2, "Barn": 5, "Cellar": 1})
    assert form.version == 1
    changed = actions.change_question(session, room, settings={"options": ["Barn", "Tent"]})
    assert actions.asked_of(changed).places == (("Barn", 5),)


def test_an_ending_needs_words_and_a_way_on(session: Session, form: Questionnaire) -> None:
    stays, _ = asked(form)
    with pytest.raises(Refusal, match="Write what people read"):
        conditions.end_form_at(session, stays, ["no"], " ")
    with pytest.raises(Refusal, match="Leave at least one answer"):
        conditions.end_form_at(session, stays, ["yes", "no"], "Not this time.")
    conditions.end_form_at(session, stays, ["no"], "Not this time.")
    assert actions.asked_of(stays).ends == ("no",)
    conditions.end_form_at(session, stays, [], "")
    assert actions.asked_of(stays).ends == ()


def test_what_depends_on_a_sensitive_answer_is_sensitive(session: Session, form: Questionnaire) -> None:
    stays, room = asked(form)
    actions.change_question(session, stays, is_sensitive=True)
    assert room.is_sensitive


def test_what_is_added_to_a_section_that_depends_on_a_sensitive_answer_is_sensitive(session: Session) -> None:
    form = actions.new_questionnaire(session, now=LONG_AGO)
    asks = actions.add_question(session, form, kind="yes_no", label="Do you need help?", is_sensitive=True)
    section = actions.add_question(session, form, kind="section", label="Help")
    conditions.ask_only_if(session, section, asks, ["yes"])
    assert actions.add_question(session, form, kind="short_text", label="Which?").is_sensitive


@pytest.mark.parametrize("kind", ["dietary", "access"])
def test_needs_are_always_sensitive_and_come_with_options(session: Session, form: Questionnaire, kind: str) -> None:
    question = actions.add_question(session, form, kind=kind, label="Needs?")
    assert question.is_sensitive
    assert len(question.settings["options"]) > 3
    assert actions.change_question(session, question, is_sensitive=False).is_sensitive


def test_a_copy_has_its_own_conditions(session: Session, form: Questionnaire) -> None:
    copy = actions.copy_questionnaire(session, form, now=LONG_AGO)
    stays, room = asked(copy)
    assert actions.condition_of(room) == Condition(stays.id, ("yes",))


def test_a_section_moves_with_what_is_in_it(session: Session) -> None:
    form = actions.new_questionnaire(session, now=LONG_AGO)
    for kind, label in (("note", "Hello"), ("section", "A"), ("date", "A1"), ("section", "B"), ("date", "B1")):
        actions.add_question(session, form, kind=kind, label=label)
    moving.move_question(session, asked(form)[3], steps=-1)
    assert [row.label for row in asked(form)] == ["Hello", "B", "B1", "A", "A1"]


def test_a_form_has_three_hundred_questions_at_most(session: Session, form: Questionnaire) -> None:
    for number in range(298):
        actions.add_question(session, form, kind="date", label=f"Day {number}")
    with pytest.raises(Refusal, match="300 questions at most"):
        actions.add_question(session, form, kind="date", label="One more")
    with pytest.raises(Refusal, match="300 questions at most, and this would be 600"):
        actions.copy_questions(session, form, form)
