"""What follow-up forms are tested on: two questions for those who have a place, written and asked."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Question
from programme.engines.registration.follow_ups.models import FollowUp
from tests.bed.clock import Clock
from tests.screens.roll.conftest import Evening


@pytest.fixture
def room(evening: Evening, olga: FlaskClient, session: Session) -> Question:
    """Olga writes two questions for those who have a place, one of them sensitive."""
    here = f"{evening.home}/follow-up/questions"
    assert olga.post(here, data={"kind": "short_text", "label": "Which room?", "is_required": "y"}).status_code == 303
    olga.post(here, data={"kind": "short_text", "label": "Which medicine?", "is_sensitive": "y"})
    session.rollback()
    form = session.scalars(select(FollowUp)).one()
    return actions.current_questions(form.questionnaire)[0]


@pytest.fixture
def asked(evening: Evening, olga: FlaskClient, room: Question, clock: Clock, session: Session) -> Question:
    """They are due in ten days, and asked."""
    due = clock.now + timedelta(days=10)
    data = {"answer_by-date": due.date().isoformat(), "answer_by-time": "12:00"}
    assert olga.post(f"{evening.home}/follow-up", data=data).status_code == 303
    assert olga.post(f"{evening.home}/follow-up/asking").status_code == 303
    return room


@pytest.fixture
def own(app: Flask, evening: Evening) -> str:
    """The address of Alice's follow-up form."""
    return f"{app.extensions['links'].path(evening.alice)}/follow-up"
