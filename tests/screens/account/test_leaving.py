"""Taking one's data away, and deleting one's account: looked at first, then done, and signed out by it."""

import json
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.people.models import Person
from programme.scheduler import run_due
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import Cast, assemble, cookie_for


@pytest.fixture
def cast(session: Session, client: FlaskClient, clock: Clock) -> Cast:
    """The cast, with Alice signed in; she has the only place at a talk, and Bob waits for it."""
    found = assemble(session)
    to = things.opening(session, events=[things.event(session, lead=found.oxford)], capacity=1)
    things.registration(session, to=to, who=found.alice)
    things.registration(session, to=to, who=found.bob, state=RegistrationState.WAITLISTED)
    client.set_cookie("programme_session", cookie_for(session, found.alice))
    return found


def test_everything_can_be_taken_away_as_a_file(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/me/account/data.json")
    kept = json.loads(answer.data)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert kept["person"]["address"] == cast.alice.address
    assert [row["for"] for row in kept["registrations"]] == ["Quantum sensing for chemists"]
    assert len(kept["browsers"]) == 1
    assert "token" not in answer.text


def test_file_of_thousands_of_letters_is_whole(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = session.scalars(select(Registration).where(Registration.person_id == cast.alice.id)).one()
    row.note = "x" * 700_000
    session.commit()
    kept = json.loads(client.get("/me/account/data.json").data)
    assert len(kept["registrations"][0]["note between organisers"]) == 700_000


def test_looking_at_the_end_changes_nothing(client: FlaskClient, session: Session, cast: Cast) -> None:
    page = unescape(client.get("/me/account/erasure").text)
    assert "Delete your account?" in page
    assert "Quantum sensing for chemists" in page
    assert "Tuesday 16 February 2027" in page
    assert "What stays, and why" in page
    assert "whether they came" in page
    session.rollback()
    assert session.get(Person, cast.alice.id) is not None


def test_account_is_deleted_and_this_browser_signed_out(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, capture: Capture, clock: Clock
) -> None:
    number = cast.alice.id
    answer = client.post("/me/account/erasure", follow_redirects=True)
    assert "Your account is deleted." in answer.text
    assert client.get("/me").location.startswith("/sign-in")
    session.rollback()
    session.expire_all()
    assert session.get(Person, number) is None
    assert {row.state for row in session.scalars(select(Registration))} == {
        RegistrationState.CANCELLED,
        RegistrationState.CONFIRMED,
    }
    run_due(app, clock.now)
    told = {message["Subject"]: message["To"] for message in capture.messages}
    assert "alice@liverpool.example.ac.uk" in told["Your account is deleted"]
    assert any("bob@" in str(to) for to in told.values())
    session.rollback()
    assert session.scalars(select(OutboxMessage.recipient).where(OutboxMessage.letter == "data_deleted")).all() == []


def test_last_letter_names_what_was_cancelled(
    app: Flask, client: FlaskClient, cast: Cast, capture: Capture, clock: Clock
) -> None:
    client.post("/me/account/erasure")
    run_due(app, clock.now)
    letter = next(message for message in capture.messages if message["Subject"] == "Your account is deleted")
    part = letter.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert "Dear Alice Aldgrove" in text
    assert "- Quantum sensing for chemists" in text
    assert "This is our last e-mail." in text


def test_second_press_in_another_tab_finds_nobody(client: FlaskClient, cast: Cast) -> None:
    client.post("/me/account/erasure")
    assert client.post("/me/account/erasure").location.startswith("/sign-in")


def test_the_only_administrator_is_told_to_find_another(app: Flask, session: Session, cast: Cast) -> None:
    ada = app.test_client()
    ada.set_cookie("programme_session", cookie_for(session, cast.ada))
    assert "You are the only administrator." in ada.get("/me/account/erasure").text
    answer = ada.post("/me/account/erasure", follow_redirects=True)
    assert "only administrator" in answer.text
    assert ada.get("/me/account").status_code == 200


def test_nobody_deletes_without_being_signed_in(app: Flask, cast: Cast) -> None:
    stranger = app.test_client()
    assert stranger.get("/me/account/erasure").location == "/sign-in?next=/me/account/erasure"
    assert stranger.post("/me/account/erasure").location == "/sign-in"


def test_account_page_leads_to_both(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/me/account").text
    assert 'href="/me/account/data.json"' in page
    assert 'href="/me/account/erasure"' in page
