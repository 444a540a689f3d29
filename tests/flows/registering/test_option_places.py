"""Places of options: a full one is refused, and what somebody has stays theirs (many at once: see races)."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import Companion, Opening, Registration
from programme.engines.registration.openings.options import full_options
from programme.engines.registration.states import RegistrationState
from programme.flows.admitting import promote_registration, refuse_registration
from programme.flows.deciding.foreseeing import OPTION_GONE, PLACE, foreseen
from programme.flows.deciding.rounds import decide_round
from programme.flows.deciding.undoing import OPTION_TAKEN, undo_round
from programme.flows.registering import SignUp, cancel_registration, change_answers, sign_up
from programme.flows.roll.adding import Newcomer, add_with_answers
from programme.flows.roll.deciding import Verdict
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.conftest import NOW, actor_for

PLACES = 5
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def workshops(session: Session, people: Cast) -> Question:
    """Fifty places at a day with workshops; of the pottery there are five places."""
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=50)
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    options = {"options": ["Pottery", "Weaving, slowly", "Both"]}
    row = actions.add_question(session, form, kind="many_of", label="Which workshop?", settings=options)
    conditions.limit_options(session, row, {"Pottery": PLACES})
    session.commit()
    return row


@pytest.fixture
def opening(session: Session, workshops: Question) -> Opening:
    """The opening with the workshops."""
    return session.scalars(select(Opening).where(Opening.questionnaire_id == workshops.questionnaire_id)).one()


def sent(number: int, question: Question, *options: str) -> SignUp:
    address = f"p{number}@example.org"
    answers = {question.id: list(options)}
    return SignUp(name=f"P {number}", address=address, organisation_id=None, answers=answers, form_key=address)


def chosen(session: Session) -> Counter[str]:
    session.commit()
    return Counter(option for value in session.scalars(select(Answer.value)) for option in value)


def test_a_full_option_comes_free_when_somebody_cancels(
    session: Session, opening: Opening, workshops: Question
) -> None:
    rows = [
        sign_up(session, opening.id, sent(number, workshops, "Pottery", "Both"), actor=NOBODY, now=NOW).registration
        for number in range(PLACES)
    ]
    asked = actions.asked_by(opening.questionnaire)
    assert full_options(session, opening.id, asked) == {workshops.id: frozenset({"Pottery"})}
    sign_up(session, opening.id, sent(90, workshops, "Weaving, slowly"), actor=NOBODY, now=NOW)
    cancel_registration(session, rows[0].id, now=NOW)
    assert full_options(session, opening.id, asked) == {workshops.id: frozenset()}


def test_whoever_has_an_option_keeps_it_and_nobody_changes_into_a_full_one(
    session: Session, opening: Opening, workshops: Question
) -> None:
    rows = [
        sign_up(session, opening.id, sent(number, workshops, "Pottery"), actor=NOBODY, now=NOW).registration
        for number in range(PLACES)
    ]
    other = sign_up(session, opening.id, sent(90, workshops, "Both"), actor=NOBODY, now=NOW).registration
    change_answers(session, rows[0].id, {workshops.id: ["Pottery", "Both"]}, now=NOW)
    with pytest.raises(Refusal, match="“Pottery” is full"):
        change_answers(session, other.id, {workshops.id: ["Pottery"]}, now=NOW)


def test_an_organiser_may_go_beyond_the_places_of_an_option(
    session: Session, people: Cast, opening: Opening, workshops: Question
) -> None:
    for number in range(PLACES):
        sign_up(session, opening.id, sent(number, workshops, "Pottery"), actor=NOBODY, now=NOW)
    session.commit()
    olga, answers = actor_for(people.olga), {workshops.id: ["Pottery"]}
    newcomer = Newcomer(name="Nina", address="nina@example.org", answers=answers)
    with pytest.raises(Refusal, match="“Pottery” is full"):
        add_with_answers(session, opening, newcomer, actor=olga, now=NOW)
    session.rollback()
    beyond = Newcomer(name="Nina", address="nina@example.org", answers=answers, even_if_full=True)
    add_with_answers(session, opening, beyond, actor=olga, now=NOW)
    assert chosen(session)["Pottery"] == PLACES + 1


def test_places_stay_taken_though_the_question_is_put_in_other_words(
    session: Session, opening: Opening, workshops: Question
) -> None:
    for number in range(PLACES):
        sign_up(session, opening.id, sent(number, workshops, "Pottery"), actor=NOBODY, now=NOW)
    session.commit()
    renamed = actions.change_question(session, workshops, hint="Bring an apron.")
    session.commit()
    assert renamed.id != workshops.id
    with pytest.raises(Refusal, match="Pottery"):
        sign_up(session, opening.id, sent(PLACES, renamed, "Pottery"), actor=NOBODY, now=NOW)
    session.rollback()
    mine = session.scalars(select(Registration).order_by(Registration.id).limit(1)).one()
    change_answers(session, mine.id, {renamed.id: ["Pottery"]}, now=NOW)
    session.commit()
    assert chosen(session)["Pottery"] == PLACES, "theirs already, and counted once"


def test_somebody_refused_comes_back_only_where_their_option_has_places(
    session: Session, people: Cast, opening: Opening, workshops: Question
) -> None:
    actor = actor_for(people.omar)
    first = sign_up(session, opening.id, sent(0, workshops, "Pottery"), actor=NOBODY, now=NOW).registration
    refuse_registration(session, first.id, reason="Not this time", actor=actor, now=NOW)
    for number in range(1, PLACES + 1):
        sign_up(session, opening.id, sent(number, workshops, "Pottery"), actor=NOBODY, now=NOW)
    session.commit()
    with pytest.raises(Refusal, match="Pottery"):
        promote_registration(session, first.id, actor=actor, now=NOW)
    session.rollback()
    row = promote_registration(session, first.id, actor=actor, now=NOW, even_if_full=True)
    assert row.state is RegistrationState.CONFIRMED


@pytest.fixture
def pair(session: Session, opening: Opening, workshops: Question) -> Registration:
    """Two who come together, both for the pottery, and are refused; then all places but one are taken."""
    opening.most_together, form = 2, opening.questionnaire
    assert form is not None
    row = sign_up(session, opening.id, sent(0, workshops, "Pottery"), actor=NOBODY, now=NOW).registration
    sheet = actions.answer(session, form, {workshops.id: ["Pottery"]}, now=NOW)
    row.companions = [Companion(name="Q 0", answer_sheet=sheet)]
    row.heads = 2
    session.commit()
    return row


def take_all_but_one(session: Session, opening: Opening, workshops: Question) -> None:
    """Others register, and leave one place at the pottery."""
    for number in range(1, PLACES):
        sign_up(session, opening.id, sent(number, workshops, "Pottery"), actor=NOBODY, now=LATER)
    session.commit()


def test_a_group_that_was_refused_comes_back_only_where_there_is_an_option_for_all_of_them(
    session: Session, people: Cast, opening: Opening, workshops: Question, pair: Registration
) -> None:
    omar = actor_of(people.omar)
    refuse_registration(session, pair.id, reason="", actor=omar, now=NOW)
    take_all_but_one(session, opening, workshops)
    told = foreseen(session, opening, [pair], Verdict.PROMOTION, actor=omar, now=LATER)
    assert told.words == {pair.id: OPTION_GONE}
    session.rollback()
    with pytest.raises(Refusal, match="“Pottery” is full"):
        promote_registration(session, pair.id, actor=omar, now=LATER)
    session.rollback()
    first = session.scalars(select(Registration).where(Registration.address == "p1@example.org")).one()
    cancel_registration(session, first.id, now=LATER)
    assert foreseen(session, opening, [pair], Verdict.PROMOTION, actor=omar, now=LATER).words == {pair.id: PLACE}
    assert promote_registration(session, pair.id, actor=omar, now=LATER).state is RegistrationState.CONFIRMED


def test_of_two_who_come_back_for_the_last_place_of_an_option_one_is_foreseen_to(
    session: Session, people: Cast, opening: Opening, workshops: Question
) -> None:
    omar = actor_of(people.omar)
    refused = [
        sign_up(session, opening.id, sent(90 + number, workshops, "Pottery"), actor=NOBODY, now=NOW).registration
        for number in range(2)
    ]
    for row in refused:
        refuse_registration(session, row.id, reason="", actor=omar, now=NOW)
    take_all_but_one(session, opening, workshops)
    told = foreseen(session, opening, refused, Verdict.PROMOTION, actor=omar, now=LATER).words
    assert [told[row.id] for row in refused] == [PLACE, OPTION_GONE]
    ids = [row.id for row in refused]
    carried = decide_round(session, opening.id, ids, Verdict.PROMOTION, actor=omar, now=LATER).carried
    assert [row.id for row in carried.done] == ids[:1]


def test_a_refusal_undone_leaves_a_group_refused_whose_option_others_have_taken(
    session: Session, people: Cast, opening: Opening, workshops: Question, pair: Registration
) -> None:
    omar = actor_of(people.omar)
    made = decide_round(session, opening.id, [pair.id], Verdict.REFUSAL, actor=omar, now=NOW).round
    assert made is not None
    session.commit()
    take_all_but_one(session, opening, workshops)
    undone = undo_round(session, made.id, actor=omar, now=LATER)
    assert undone.problems == [f"{pair.name}: {OPTION_TAKEN}"]
    assert pair.state is RegistrationState.REFUSED
    assert chosen(session)["Pottery"] == PLACES + 1, "theirs are kept, and not counted"
