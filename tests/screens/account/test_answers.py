"""What an account fills in: by explicit choice, for whoever is signed in alone, and let go with the account."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions
from programme.engines.questionnaire.building import READY_MADE
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.questionnaire.profiles.keeping import PROFILES
from programme.engines.questionnaire.profiles.models import ProfileAnswer
from programme.engines.registration.models import Opening
from programme.flows.keeping.taking_away import everything
from programme.people.keeping.ports import Subject
from tests.bed.clock import Clock
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast

HERE = "/me/account/answers"
KEPT = {"q1": ["Vegan", "no celery"], "q2": "Step-free access", "q99": "y"}


@pytest.fixture
def people(session: Session, clock: Clock) -> Cast:
    """The cast."""
    return cast.assemble(session)


@pytest.fixture
def alice(app: Flask, session: Session, people: Cast) -> FlaskClient:
    """Alice's browser, signed in."""
    client = app.test_client()
    client.set_cookie("programme_session", cast.cookie_for(session, people.alice))
    session.commit()
    return client


@pytest.fixture
def diet(session: Session, people: Cast) -> Question:
    """A talk whose form asks what people eat, with other boxes than the account's."""
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)])
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    actions.add_question(session, form, **READY_MADE["department"])
    row = actions.add_question(session, form, kind="dietary", label="Food", settings={"options": ["Vegan", "Fish"]})
    session.commit()
    return row


def form_of(session: Session, browser: FlaskClient) -> str:
    opening = session.scalars(select(Opening)).one()
    return browser.get(f"/openings/{opening.id}/registration", follow_redirects=True).text


def kept(session: Session) -> dict[str, object]:
    session.rollback()
    session.expire_all()
    return {row.kind: row.value for row in session.scalars(select(ProfileAnswer))}


def test_needs_are_kept_only_by_explicit_choice(session: Session, alice: FlaskClient) -> None:
    refused = alice.post(HERE, data={**KEPT, "q99": ""})
    assert refused.status_code == 422
    assert "Tick the box if we are to keep this" in refused.text
    assert 'value="no celery"' in refused.text
    assert kept(session) == {}
    assert alice.post(HERE, data=KEPT).status_code == 303
    assert kept(session) == {"dietary": ["Vegan", "no celery"], "access": ["Step-free access"]}
    assert 'value="no celery"' in alice.get(HERE).text


def test_forms_come_filled_in_visibly_and_may_be_changed(
    session: Session, alice: FlaskClient, people: Cast, diet: Question
) -> None:
    alice.post(HERE, data=KEPT)
    page = form_of(session, alice)
    assert f'name="q{diet.id}" value="Vegan" checked' in page
    assert 'value="no celery"' in page
    assert "Filled in from your account" in page
    opening = session.scalars(select(Opening)).one()
    data = {"name": "Alice", "email": people.alice.address, f"q{diet.id}": "Fish", "form_key": "k"}
    assert alice.post(f"/openings/{opening.id}/registration", data=data).status_code == 303
    session.rollback()
    assert session.scalars(select(Answer.text)).all() == ["Fish"]
    assert kept(session)["dietary"] == ["Vegan", "no celery"], "for this form only"


def test_nobody_else_finds_anything_filled_in(
    session: Session, client: FlaskClient, alice: FlaskClient, diet: Question
) -> None:
    assert "Filled in from your account" not in form_of(session, alice)
    alice.post(HERE, data=KEPT)
    assert "Vegan" in form_of(session, client)
    assert "celery" not in form_of(session, client)
    assert "checked" not in form_of(session, client).partition('id="q')[2]


def test_an_empty_form_lets_everything_go(session: Session, alice: FlaskClient) -> None:
    alice.post(HERE, data=KEPT)
    assert alice.post(HERE, data={}).status_code == 303
    assert kept(session) == {}


def test_it_is_told_and_deleted_with_the_account(
    app: Flask, session: Session, alice: FlaskClient, people: Cast
) -> None:
    alice.post(HERE, data=KEPT)
    session.rollback()
    told = json.loads("".join(everything(session, people.alice.id, app.extensions["keepers"], now=LONG_AGO)))
    assert [one["answer"] for one in told["filled in for you"]] == ["Step-free access", "Vegan, no celery"]
    who = Subject(people.alice.id, people.alice.name, people.alice.address, people.alice.address_key)
    assert len(list(PROFILES.fates(session, who))) == 1
    PROFILES.erase(session, who, now=LONG_AGO)
    session.commit()
    assert kept(session) == {}
