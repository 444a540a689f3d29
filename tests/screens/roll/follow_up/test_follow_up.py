"""The form that follows a place: written, asked by letter, answered by its link, read beside the first one's."""

import json
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import AnswerSheet, Question
from programme.engines.registration.follow_ups.models import FollowUp, FollowUpRequest
from programme.engines.registration.states import RegistrationState
from programme.flows.answering.follow_ups import go_on_asking
from programme.flows.keeping.retention import forget
from programme.flows.keeping.taking_away import everything
from programme.people.keeping.ports import Times
from tests.bed.clock import Clock
from tests.screens.roll.conftest import As, Evening, fresh, letters, text_of

R = RegistrationState


def asked_of(session: Session) -> list[int]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(FollowUpRequest.registration_id).order_by(FollowUpRequest.registration_id)))


def test_the_second_form_is_apart_from_the_first(evening: Evening, olga: FlaskClient, room: Question) -> None:
    second, first = (
        text_of(olga.get(f"{evening.home}/follow-up/questions")),
        text_of(olga.get(f"{evening.home}/questions")),
    )
    assert "Which room?" in second
    assert "Which room?" not in first
    assert f"question-{evening.department.id}" not in second
    assert "Only those who have a place are asked these." in second
    preview = text_of(olga.get(f"{evening.home}/follow-up/questions/preview"))
    assert "Which room?" in preview
    changed = olga.post(
        f"{evening.home}/follow-up/questions/{room.id}", data={"kind": "short_text", "label": "Which room, if any?"}
    )
    assert changed.location == f"{evening.home}/follow-up/questions"
    assert olga.get(f"{evening.home}/questions/{room.id}").status_code == 404


def test_only_those_who_have_a_place_are_asked_and_whoever_gets_one_later(
    evening: Evening, session: Session, asked: Question, clock: Clock
) -> None:
    assert asked_of(session) == [evening.alice.id, evening.bob.id]
    wanted = [to for kind, to in letters(session) if kind == "follow_up"]
    assert wanted == [evening.people.alice.address, evening.people.bob.address]
    assert go_on_asking(session, clock.now) == 0
    row = fresh(session, evening.charlie)
    row.state = R.CONFIRMED
    assert go_on_asking(session, clock.now) == 1
    session.commit()
    assert asked_of(session) == [evening.alice.id, evening.bob.id, evening.charlie.id]


def test_nothing_is_asked_without_questions_or_after_it_was_stopped(
    evening: Evening, olga: FlaskClient, session: Session, room: Question, clock: Clock
) -> None:
    session.rollback()
    olga.post(f"{evening.home}/follow-up/asking")
    olga.post(f"{evening.home}/follow-up/end")
    row = fresh(session, evening.charlie)
    row.state = R.CONFIRMED
    assert go_on_asking(session, clock.now) == 0


def test_a_place_shows_the_form_until_it_is_answered_and_answers_are_kept(
    evening: Evening, client: FlaskClient, session: Session, own: str, asked: Question
) -> None:
    place = own.removesuffix("/follow-up")
    assert "The organisers have a few more questions." in text_of(client.get(place))
    missing = client.post(own, data={f"q{asked.id}": ""})
    assert missing.status_code == 422
    assert "Answer this question: Which room?" in missing.text
    assert client.post(own, data={f"q{asked.id}": "The attic"}).status_code == 303
    assert "You have answered the organisers’ further questions." in text_of(client.get(place))
    assert 'value="The attic"' in client.get(own).text
    assert client.post(own, data={f"q{asked.id}": "The cellar"}).status_code == 303
    session.rollback()
    assert (
        len(session.scalars(select(FollowUpRequest.sheet_id).where(FollowUpRequest.sheet_id.is_not(None))).all()) == 1
    )


def test_whoever_has_no_place_finds_no_form(
    app: Flask, evening: Evening, client: FlaskClient, session: Session, own: str, asked: Question
) -> None:
    waits = app.extensions["links"].path(evening.charlie)
    assert client.get(f"{waits}/follow-up").status_code == 404
    client.post(own.replace("/follow-up", "/cancellation"))
    assert client.get(own).status_code == 404
    assert client.post(own, data={f"q{asked.id}": "The attic"}).status_code == 404


def test_the_deadline_counts_and_is_said(
    evening: Evening, client: FlaskClient, clock: Clock, own: str, asked: Question
) -> None:
    clock.forward(days=11)
    assert "The time to answer ended on" in text_of(client.get(own))
    late = client.post(own, data={f"q{asked.id}": "The attic"}, follow_redirects=True)
    assert "This could be answered until" in text_of(late)


def test_whoever_is_silent_is_reminded_once_before_the_deadline(
    evening: Evening, client: FlaskClient, session: Session, clock: Clock, own: str, asked: Question
) -> None:
    client.post(own, data={f"q{asked.id}": "The attic"})
    for days, number in ((2, 0), (8, 1), (9, 0)):
        session.rollback()
        assert go_on_asking(session, clock.now + timedelta(days=days)) == number
        session.commit()
    reminded = [to for kind, to in letters(session) if kind == "follow_up_reminder"]
    assert reminded == [evening.people.bob.address]


def test_answers_stand_beside_the_first_forms(
    evening: Evening, olga: FlaskClient, client: FlaskClient, own: str, asked: Question
) -> None:
    client.post(own, data={f"q{asked.id}": "The attic"})
    entry = text_of(olga.get(f"/organise/registrations/{evening.alice.id}"))
    assert "Answers to the follow-up form" in entry
    assert "The attic" in entry
    assert "Chemistry" in entry
    assert "not answered yet" in text_of(olga.get(f"/organise/registrations/{evening.bob.id}"))
    roll = text_of(olga.get(f"{evening.home}?answer={asked.id}&answer={evening.department.id}"))
    assert "The attic" in roll
    assert "Chemistry" in roll
    page = text_of(olga.get(f"{evening.home}/follow-up"))
    assert f'<a href="{evening.home}?follow_up=answered">1 of 2</a>' in page
    assert f'<a href="{evening.home}?follow_up=silent">1 not yet</a>' in page
    silent = text_of(olga.get(f"{evening.home}?follow_up=silent"))
    assert evening.people.bob.name in silent
    assert evening.people.alice.name not in silent
    assert "Follow-up form not answered yet" in silent
    assert evening.people.charlie.name not in silent
    file = olga.post(f"{evening.home}/export", data={"reach": "all", "format": "csv", "questions": [str(asked.id)]})
    assert "The attic" in file.text


def test_rights_are_those_of_the_opening(
    evening: Evening, signed_in: As, client: FlaskClient, own: str, asked: Question, session: Session
) -> None:
    session.rollback()
    form = session.scalars(select(FollowUp)).one().questionnaire
    secret = actions.current_questions(form)[1]
    session.rollback()
    omar, stranger = signed_in(evening.people.omar), signed_in(evening.stranger)
    client.post(own, data={f"q{asked.id}": "The attic", f"q{secret.id}": "Insulin"})
    entry = text_of(omar.get(f"/organise/registrations/{evening.alice.id}"))
    assert "The attic" in entry
    assert "Insulin" not in entry, "Omar's university shares the opening, and Alice is not its member"
    for path in (f"{evening.home}/follow-up", f"{evening.home}/follow-up/questions"):
        assert stranger.get(path).status_code == 403
    assert stranger.post(f"{evening.home}/follow-up/asking").status_code == 403


def test_answers_are_told_and_go_with_the_person(
    app: Flask, evening: Evening, client: FlaskClient, session: Session, own: str, asked: Question
) -> None:
    client.post(own, data={f"q{asked.id}": "The attic"})
    session.rollback()
    keepers, alice = app.extensions["keepers"], evening.people.alice
    told = json.loads("".join(everything(session, alice.id, keepers, now=evening.alice.joined_at)))
    (found,) = told["registrations"]
    assert found["answers to the follow-up form"] == [{"question": "Which room?", "answer": "The attic"}]
    over = evening.opening.events[0].ends_at + timedelta(days=400)
    forget(session, keepers, Times(), now=over)
    session.commit()
    assert session.scalars(select(AnswerSheet.id)).all() == []
