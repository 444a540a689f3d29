"""Places of an option, and of a part of the event: so many have it as it has places, though many ask at once."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event
from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import Opening, Registration
from programme.flows.admitting import promote_registration, refuse_registration
from programme.flows.companions.bringing import answer_for
from programme.flows.registering import change_answers
from tests.engines.registration.rush import AT_ONCE
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.conftest import NOW, actor_for
from tests.flows.races.rush import Came, Verb, known_guests, signs_up, under_the_lock, without_the_lock

PLACES, PEOPLE = 3, 20
OPTION, PART = "option", "part"


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """A day for everybody, of which one part, a workshop, has a room for three; nothing else has a limit."""
    day = things.event(session, lead=people.oxford, title="A day by the river")
    for title, chairs in (("Sand", PLACES), ("Clay", None)):
        things.event(session, lead=people.oxford, title=title, part_of_id=day.id, room_capacity=chairs)
    row = things.opening(session, events=[day], capacity=None)
    row.questionnaire = actions.new_questionnaire(session, now=LONG_AGO)
    session.commit()
    return row


@pytest.fixture(params=[OPTION, PART])
def asked(request: pytest.FixtureRequest, session: Session, opening: Opening) -> tuple[Question, Any, Any]:
    """A question of which one answer has three places; that answer, and another."""
    form = opening.questionnaire
    assert form is not None
    if request.param == OPTION:
        settings = {"options": ["Pottery", "Weaving"]}
        row = actions.add_question(session, form, kind="many_of", label="Which workshop?", settings=settings)
        conditions.limit_options(session, row, {"Pottery": PLACES})
        session.commit()
        return row, ["Pottery"], ["Weaving"]
    row = actions.add_question(session, form, kind="parts", label="Which workshop?")
    session.commit()
    ids = {event.title: str(event.id) for event in session.scalars(select(Event))}
    return row, {ids["Sand"]: "Sand"}, {ids["Clay"]: "Clay"}


def everybody(opening: Opening, question: Question, answer: Any, *, how_many: int) -> list[Verb]:
    return [signs_up(opening.id, number, answers={question.id: answer}) for number in range(how_many)]


def enters(
    session: Session, opening: Opening, number: int, answers: dict[int, Any], *, others: tuple[str, ...] = ()
) -> Registration:
    """Register one of the guests, alone in the world."""
    row = signs_up(opening.id, number, answers=answers, others=others)(session).registration
    session.commit()
    return row


def answers_along(row: Registration, answers: dict[int, Any]) -> Verb:
    """The answers of whoever comes along with somebody."""
    row_id, companion_id = row.id, row.companions[0].id
    return lambda session: answer_for(session, row_id, companion_id, answers, now=NOW)


def chosen(session: Session) -> Counter[str]:
    """How often each option was chosen; of a part, by its id."""
    session.rollback()
    session.expire_all()
    return Counter(option for value in session.scalars(select(Answer.value)) for option in value)


def judge(session: Session, came: Came, answer: Any) -> None:
    """Exactly as many have it as there are places, everybody else was told, and nobody who was told is registered."""
    assert not came.failed
    taken = chosen(session)
    assert taken[next(iter(answer))] == len(came.done) == PLACES
    assert all("full" in sentence for sentence in came.refused.values())
    assert len(session.scalars(select(Registration.id)).all()) == PLACES


def test_of_twenty_at_once_exactly_as_many_have_it_as_it_has_places(
    engine: Engine, session: Session, opening: Opening, asked: tuple[Question, Any, Any]
) -> None:
    question, wanted, _ = asked
    came = under_the_lock(engine, everybody(opening, question, wanted, how_many=PEOPLE))
    judge(session, came, wanted)
    assert len(came.refused) == PEOPLE - PLACES


def test_without_the_lock_it_is_chosen_too_often_or_requests_fail(
    engine: Engine, session: Session, opening: Opening, asked: tuple[Question, Any, Any]
) -> None:
    question, wanted, _ = asked
    known_guests(session, AT_ONCE)
    verbs = everybody(opening, question, wanted, how_many=AT_ONCE)
    came = without_the_lock(engine, verbs, before="INSERT INTO answer_sheet")
    with pytest.raises(AssertionError):
        judge(session, came, wanted)


def test_of_ten_who_change_their_answer_into_it_at_once_exactly_as_many_may_as_it_has_places(
    engine: Engine, session: Session, opening: Opening, asked: tuple[Question, Any, Any]
) -> None:
    question, wanted, other = asked
    ids = [enters(session, opening, number, {question.id: other}).id for number in range(AT_ONCE)]
    answers = {question.id: wanted}
    verbs: list[Verb] = [lambda own, one=one: change_answers(own, one, answers, now=NOW) for one in ids]  # type: ignore[misc]
    came = under_the_lock(engine, verbs)
    assert (len(came.done), len(came.refused), came.failed) == (PLACES, AT_ONCE - PLACES, {})
    assert sorted(chosen(session).values()) == [PLACES, AT_ONCE - PLACES]


def test_those_who_come_along_fill_it_as_well_and_never_beyond_its_places(
    engine: Engine, session: Session, opening: Opening, asked: tuple[Question, Any, Any]
) -> None:
    question, wanted, _ = asked
    opening.most_together = 2
    session.commit()
    rows = [enters(session, opening, number, {}, others=("Bea",)) for number in range(AT_ONCE)]
    came = under_the_lock(engine, [answers_along(row, {question.id: wanted}) for row in rows])
    assert (len(came.done), len(came.refused), came.failed) == (PLACES, AT_ONCE - PLACES, {})
    assert chosen(session).total() == PLACES


def test_whoever_was_refused_comes_back_only_where_what_they_chose_has_places(
    session: Session, people: Cast, opening: Opening, asked: tuple[Question, Any, Any]
) -> None:
    question, wanted, _ = asked
    omar = actor_for(people.omar)
    first = enters(session, opening, 0, {question.id: wanted})
    refuse_registration(session, first.id, reason="Not this time", actor=omar, now=NOW)
    for number in range(1, PLACES + 1):
        enters(session, opening, number, {question.id: wanted})
    with pytest.raises(Refusal, match="is full"):
        promote_registration(session, first.id, actor=omar, now=NOW)
