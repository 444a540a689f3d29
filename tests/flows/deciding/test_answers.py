"""Answers that change: until when, and what is decided anew by it."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.approvals.queries import latest_approval
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.models import Question, Questionnaire
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.changing import AnswersChange
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy
from programme.flows import admitting
from programme.flows.deciding.settings import set_terms
from programme.flows.registering import change_answers
from programme.people.identity import actor_of
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, states
from tests.flows.deciding.conftest import NO, YES, key_of, letters, say

LATER = NOW + timedelta(days=1)


@pytest.fixture
def question(session: Session, people: Cast, opening: Opening) -> Question:
    """The opening asks one thing."""
    del people
    sheet = Questionnaire(version=1, created_at=NOW)
    session.add(sheet)
    session.flush()
    row = Question(
        questionnaire_id=sheet.id, kind="short_text", label="Why?", position=1, added_in=1, is_required=False
    )
    session.add(row)
    opening.questionnaire = sheet
    session.commit()
    return row


def change(session: Session, row: Registration, question: Question, text: str, *, at: object = LATER) -> None:
    """Somebody changes their one answer; commits."""
    change_answers(session, row.id, {question.id: text}, now=at)  # type: ignore[arg-type]
    session.commit()


def terms(session: Session, opening: Opening, people: Cast, **given: object) -> None:
    """Set how the opening decides; commits."""
    set_terms(session, opening.id, Wanted(**given), actor=actor_of(people.omar), now=NOW)  # type: ignore[arg-type]
    session.commit()


def enter_charlie(people: Cast, opening: Opening, enter: Enter) -> Registration:
    return enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration


def admit(session: Session, people: Cast, row: Registration) -> None:
    say(session, row, people.olga, people.liverpool.id, YES)
    say(session, row, people.omar, people.oxford.id, YES)


def test_they_change_as_long_as_one_is_registered_unless_told_otherwise(
    session: Session, people: Cast, opening: Opening, question: Question, enter: Enter
) -> None:
    row = enter_charlie(people, opening, enter)
    admit(session, people, row)
    change(session, row, question, "Because.")
    approval = latest_approval(session, "registration", row.id)
    assert approval is not None
    assert approval.state is ApprovalState.GRANTED


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"answers_change": AnswersChange.NEVER}, "stay as they were sent"),
        ({"answers_change": AnswersChange.UNTIL, "answers_until": LATER}, "time to change answers is over"),
    ],
)
def test_past_what_the_opening_says_they_stay(
    session: Session,
    people: Cast,
    opening: Opening,
    question: Question,
    enter: Enter,
    given: dict[str, object],
    words: str,
) -> None:
    terms(session, opening, people, **given)
    row = enter_charlie(people, opening, enter)
    with pytest.raises(Refusal, match=words):
        change(session, row, question, "Because.")


def test_until_decided_means_until_both_keys_have_said_yes(
    session: Session, people: Cast, opening: Opening, question: Question, enter: Enter
) -> None:
    terms(session, opening, people, decided_by=DecidedBy.KEYS, answers_change=AnswersChange.UNDECIDED)
    row = enter_charlie(people, opening, enter)
    say(session, row, people.olga, people.liverpool.id, YES)
    change(session, row, question, "Because.")
    assert key_of(session, row, people.liverpool.id).state is KeyState.YES
    say(session, row, people.omar, people.oxford.id, YES)
    with pytest.raises(Refusal, match="has been decided"):
        change(session, row, question, "Something else.")


def test_a_change_after_the_yes_asks_anew_keeps_the_place_and_tells_everybody(
    session: Session, people: Cast, opening: Opening, question: Question, enter: Enter
) -> None:
    terms(session, opening, people, decided_by=DecidedBy.KEYS, asks_anew=True)
    row = enter_charlie(people, opening, enter)
    admit(session, people, row)
    session.execute(update(OutboxMessage).values(state=OutboxState.SENT))
    session.commit()
    before = len(letters(session))
    change(session, row, question, "Because.")
    assert states(session)[row.address] == "confirmed"
    told = [kind for kind, _ in letters(session)[before:]]
    assert told == ["key_asked", "key_asked", "answers_considered"]
    change(session, row, question, "Because.")
    assert len(letters(session)) == before + 3, "the same answers again ask nobody anything"
    admit(session, people, row)
    assert letters(session)[-1] == ("registration_confirmed", row.address)
    change(session, row, question, "No, because of this.")
    say(session, row, people.omar, people.oxford.id, NO, words="This does not fit any more.")
    assert (states(session)[row.address], row.reason) == ("refused", "This does not fit any more.")


def test_a_change_before_the_second_key_lets_the_first_wait_again(
    session: Session, people: Cast, opening: Opening, question: Question, enter: Enter
) -> None:
    terms(session, opening, people, decided_by=DecidedBy.KEYS, asks_anew=True)
    row = enter_charlie(people, opening, enter)
    say(session, row, people.olga, people.liverpool.id, YES)
    change(session, row, question, "Because.")
    assert key_of(session, row, people.liverpool.id).state is KeyState.WAITING
    assert "answers_considered" not in [kind for kind, _ in letters(session)]


def test_without_keys_the_lead_alone_looks_again(
    session: Session, people: Cast, opening: Opening, question: Question, enter: Enter
) -> None:
    terms(session, opening, people, asks_anew=True)
    row = enter_charlie(people, opening, enter)
    change(session, row, question, "Because.")
    assert latest_approval(session, "registration", row.id) is None, "nothing was decided yet"
    admitting.promote_registration(session, row.id, actor=actor_of(people.omar), now=NOW)
    change(session, row, question, "Because of this.")
    approval = latest_approval(session, "registration", row.id)
    assert approval is not None
    assert [key.organisation_id for key in approval.keys] == [people.oxford.id]
    say(session, row, people.omar, people.oxford.id, YES)
    assert letters(session)[-1][0] == "registration_confirmed"


def test_where_nobody_decides_nothing_is_asked_anew(
    session: Session, people: Cast, opening: Opening, question: Question, enter: Enter
) -> None:
    terms(session, opening, people, asks_anew=True)
    opening.places_by = PlacesBy.FIRST_COME
    session.commit()
    row = enter_charlie(people, opening, enter)
    change(session, row, question, "Because.")
    assert asked_by(opening.questionnaire)
    assert latest_approval(session, "registration", row.id) is None
