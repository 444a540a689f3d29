"""Saying how it was: only those who came, once a person, and nobody can tell who said what."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.questionnaire.actions import current_questions
from programme.engines.questionnaire.models import Answer, AnswerSheet, Question
from programme.engines.registration.feedback.actions import begin, form_of, give
from programme.engines.registration.feedback.keeping import FEEDBACK
from programme.engines.registration.feedback.models import Feedback, FeedbackGiven
from programme.engines.registration.models import Registration
from programme.engines.registration.states import Attendance, RegistrationState
from programme.extensions import db
from programme.people.keeping.ports import Subject, Times
from programme.people.models import Person
from tests.engines.registration.rush import all_at_once
from tests.factories import cast, things
from tests.screens.door.conftest import DURING
from tests.screens.roll.conftest import As, Evening, fresh, letters, text_of

if TYPE_CHECKING:
    from programme.engines.registration.feedback.links import FeedbackLinks


@pytest.fixture
def asked(at_the_door: Evening, session: Session) -> Evening:
    """Alice came, Bob did not, Charlie waits; four questions are asked."""
    at_the_door.alice.seats[0].attendance = Attendance.PRESENT
    begin(session, at_the_door.opening.id, now=DURING)
    session.commit()
    return at_the_door


def link_of(app: Flask, row: Registration) -> str:
    links: FeedbackLinks = app.extensions["feedback_links"]
    return links.path(row)


def said(session: Session, evening: Evening, good: str = "Good", comment: str = "More tea.") -> dict[str, str]:
    """What a browser sends."""
    form = form_of(session, evening.opening.id)
    assert form is not None
    ids = [row.id for row in current_questions(form.questionnaire)]
    session.rollback()
    return {f"q{ids[0]}": good, f"q{ids[1]}": "Mostly", f"q{ids[2]}": "", f"q{ids[3]}": comment}


def test_somebody_who_came_answers_once(asked: Evening, app: Flask, client: FlaskClient, session: Session) -> None:
    link = link_of(app, asked.alice)
    assert "How was it?" in text_of(client.get(link))
    assert "Thank you." in text_of(client.post(link, data=said(session, asked)))
    assert "You have answered this already." in text_of(client.get(link))
    again = client.post(link, data=said(session, asked, good="Poor"))
    assert again.status_code == 422
    assert "You have answered this already." in text_of(again)
    assert len(session.scalars(select(Feedback)).all()) == 1


def test_nobody_else_is_asked(asked: Evening, app: Flask, client: FlaskClient, session: Session) -> None:
    for row in (asked.bob, asked.charlie):
        assert "This form is for those who were there." in text_of(client.get(link_of(app, row)))
        assert client.post(link_of(app, row), data=said(session, asked)).status_code == 422
    for odd in ("1-x", f"{asked.alice.id}-x", "0", f"{2**63}-x"):
        assert client.get(f"/feedback/{odd}").status_code == 404
    other = app.extensions["links"].path(asked.alice).rpartition("/")[2]
    assert client.get(f"/feedback/{other}").status_code == 404
    assert session.scalars(select(Feedback)).all() == []


def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    asked: Evening, app: Flask, client: FlaskClient, session: Session
) -> None:
    answer = client.post(link_of(app, asked.alice), data=said(session, asked, good="", comment="Kept words"))
    assert answer.status_code == 422
    assert "How was it?" in text_of(answer)
    assert "Kept words" in text_of(answer)


def test_twenty_times_at_once_is_once(asked: Evening, app: Flask, session: Session) -> None:
    with app.app_context():
        engine = db.engine
    refused = list[str]()

    def says() -> None:
        with Session(engine) as own:
            begin_writing(own)
            try:
                give(own, asked.alice.id, {})
                own.commit()
            except Refusal as refusal:
                refused.append(refusal.sentence)

    all_at_once(says for _ in range(20))
    session.rollback()
    assert len(session.scalars(select(Feedback)).all()) == 1
    assert len(refused) == 19


def test_nothing_kept_says_who_or_when(asked: Evening, app: Flask, client: FlaskClient, session: Session) -> None:
    client.post(link_of(app, asked.alice), data=said(session, asked))
    session.rollback()
    sheet = session.scalars(select(AnswerSheet).order_by(AnswerSheet.id.desc())).first()
    assert sheet is not None
    assert sheet.answered_at == asked.opening.events[0].ends_at
    assert set(Feedback.__table__.columns.keys()) == {"id", "opening_id", "answer_sheet_id"}
    assert set(FeedbackGiven.__table__.columns.keys()) == {"registration_id"}


def three_more(session: Session, evening: Evening, app: Flask) -> None:
    """Three others come and answer."""
    for number, (good, comment) in enumerate((("Very good", "=1+1"), ("Good", ""), ("Good", "Less of it."))):
        who = cast.person(session, f"Guest {number}", f"guest{number}@example.org")
        row = things.registration(session, to=evening.opening, who=who)
        row.seats[0].attendance = Attendance.PRESENT
        session.commit()
        answer = app.test_client().post(link_of(app, row), data=said(session, evening, good, comment))
        assert answer.status_code == 200


def test_results_are_shown_from_three_answers_on_in_numbers_and_words(
    asked: Evening, app: Flask, client: FlaskClient, olga: FlaskClient, session: Session
) -> None:
    there = f"{asked.home}/feedback"
    client.post(link_of(app, asked.alice), data=said(session, asked))
    page = text_of(olga.get(there))
    assert "Too few answers to show" in page
    assert "More tea." not in page
    assert "Nothing is shown or downloaded before 3" in text_of(olga.post(f"{there}/file", follow_redirects=True))
    three_more(session, asked, app)
    page = text_of(olga.get(there))
    assert "4 people have answered, without names." in page
    assert '3 <span class="muted">(75 %)</span>' in page
    assert "More tea." in page
    assert "Alice" not in page
    table = olga.post(f"{there}/file").data.decode("utf-8-sig").splitlines()
    assert table[0].startswith("How was it?,Was it worth your time?")
    assert len(table) == 5
    assert any("'=1+1" in line for line in table)


def test_results_are_for_those_who_may_see_people(asked: Evening, signed_in: As) -> None:
    there = f"{asked.home}/feedback"
    for who in (asked.helper, asked.partner, asked.stranger, asked.people.alice):
        assert signed_in(who).get(there).status_code == 403
        assert signed_in(who).get(f"{there}/questions").status_code == 403
        for verb in ("letters", "file", "questions", "questions/new", "questions/1/place"):
            assert signed_in(who).post(f"{there}/{verb}").status_code == 403
    assert signed_in(asked.people.omar).get(there).status_code == 200


def test_organisers_choose_what_is_asked(at_the_door: Evening, olga: FlaskClient, session: Session) -> None:
    there = f"{at_the_door.home}/feedback/questions"
    assert "Ready to be asked" in text_of(olga.get(there))
    for _ in range(2):
        assert "How was it?" in text_of(olga.post(there, follow_redirects=True))
    typed = {"kind": "number", "label": "From 1 to 5?", "least": "1", "most": "5"}
    assert "From 1 to 5?" in text_of(olga.post(f"{there}/new", data=typed, follow_redirects=True))
    for odd in (
        {"kind": "dietary", "label": "Food?"},
        {"kind": "number", "label": ""},
        {"kind": "one_of", "label": "?"},
    ):
        answer = olga.post(f"{there}/new", data=odd)
        assert answer.status_code == 422, odd
    form = form_of(session, at_the_door.opening.id)
    assert form is not None
    rows = current_questions(form.questionnaire)
    assert [row.label for row in rows][-1] == "From 1 to 5?"
    said = text_of(olga.post(f"{there}/{rows[0].id}/retirement", follow_redirects=True))
    assert "The question is not asked any more." in said
    assert "is not asked any more." in text_of(olga.post(f"{there}/999/retirement", follow_redirects=True))


def test_questions_change_places_by_buttons_and_people_are_asked_in_that_order(
    asked: Evening, app: Flask, client: FlaskClient, olga: FlaskClient, session: Session
) -> None:
    there = f"{asked.home}/feedback/questions"
    first, second = labels(session, asked)[:2]
    rows = {row.label: row.id for row in asked_now(session, asked)}
    page = text_of(olga.get(there))
    assert (page.count(">Up<"), page.count(">Down<")) == (3, 3), "not the first up, nor the last down"
    answer = olga.post(f"{there}/{rows[first]}/place", data={"to": "down"})
    assert answer.location.endswith(f"{there}#question-{rows[first]}")
    assert f"“{first}” is moved." in text_of(olga.get(there))
    assert labels(session, asked)[:2] == [second, first]
    form = text_of(client.get(link_of(app, asked.alice)))
    assert form.rindex(second) < form.rindex(first)
    olga.post(f"{there}/{rows[first]}/place", data={"to": "up"})
    olga.post(f"{there}/{rows[first]}/place", data={"to": "up"})
    assert labels(session, asked)[:2] == [first, second], "the first stays first"
    entries = session.scalars(select(AuditEntry).where(AuditEntry.verb == "changed the feedback form")).all()
    assert [entry.after for entry in entries][-3:] == [{"question": first}] * 3
    assert "is not asked any more." in text_of(olga.post(f"{there}/999/place", follow_redirects=True))


def asked_now(session: Session, at: Evening) -> list[Question]:
    """The questions that are asked, in their order, as they are stored."""
    session.rollback()
    session.expire_all()
    form = form_of(session, at.opening.id)
    assert form is not None
    return current_questions(form.questionnaire)


def labels(session: Session, at: Evening) -> list[str]:
    return [row.label for row in asked_now(session, at)]


def test_those_who_came_are_asked_by_letter_once(
    asked: Evening, app: Flask, client: FlaskClient, olga: FlaskClient, session: Session
) -> None:
    there = f"{asked.home}/feedback/letters"
    assert "1 person asked by e-mail." in text_of(olga.post(there, follow_redirects=True))
    assert "Everybody was asked before." in text_of(olga.post(there, follow_redirects=True))
    assert letters(session) == [("feedback_asked", asked.alice.address)]
    client.post(link_of(app, asked.alice), data=said(session, asked))
    assert "Nobody is left to ask" in text_of(olga.post(there, follow_redirects=True))


def test_the_page_of_a_place_leads_to_it_until_it_is_given(
    asked: Evening, app: Flask, client: FlaskClient, session: Session
) -> None:
    page = app.extensions["links"].path(asked.alice)
    assert link_of(app, asked.alice) in text_of(client.get(page))
    client.post(link_of(app, asked.alice), data=said(session, asked))
    assert link_of(app, asked.alice) not in text_of(client.get(page))
    asked.alice.state = RegistrationState.CANCELLED
    session.commit()
    assert link_of(app, asked.alice) not in text_of(client.get(page))


def test_what_is_held_is_told_erased_and_retired(
    asked: Evening, app: Flask, client: FlaskClient, session: Session
) -> None:
    client.post(link_of(app, asked.alice), data=said(session, asked))
    session.rollback()
    person = session.get_one(Person, fresh(session, asked.alice).person_id)
    who = Subject(person.id, person.name, person.address, person.address_key)
    assert [list(part.rows) for part in FEEDBACK.held(session, who)] == [[{"of": asked.opening.title}]]
    assert [fate.stays for fate in FEEDBACK.fates(session, who)] == [False, True]
    times = Times(registrations=12)
    assert FEEDBACK.retire(session, times, now=DURING + timedelta(days=300)) == 0
    assert FEEDBACK.retire(session, times, now=DURING + timedelta(days=400)) == 2
    texts = session.scalars(select(Answer.text).join(Feedback, Feedback.answer_sheet_id == Answer.sheet_id)).all()
    assert sorted(texts) == ["Good", "Mostly"]
    session.rollback()
    FEEDBACK.erase(session, who, now=DURING)
    assert session.scalars(select(FeedbackGiven)).all() == []
    assert len(session.scalars(select(Feedback)).all()) == 1
