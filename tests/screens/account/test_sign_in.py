"""Signing in and out in the browser: one answer for every address, one use for every link."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.app import create_app
from programme.config import Settings
from programme.engines.mail.models import OutboxMessage
from programme.extensions import db
from programme.people.models import BrowserSession, Person, SignInLink
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories.cast import assemble, cookie_for

ALICE = "alice@liverpool.example.ac.uk"
NOBODY = "nobody@liverpool.example.ac.uk"


def test_person_signs_in_by_the_link_in_their_mail(client: FlaskClient, session: Session) -> None:
    assemble(session)
    token = link_for(client, session, ALICE, onward="/me/account")
    page = client.get(f"/sign-in/{token}")
    assert f"Sign in as {ALICE}" in page.text
    answer = client.post(f"/sign-in/{token}")
    assert (answer.status_code, answer.location) == (303, "/me/account")
    assert "Alice Aldgrove" in client.get("/me/account").text


def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    assemble(session)
    with statements(app) as known:
        first = client.post("/sign-in", data={"address": ALICE})
    with statements(app) as unknown:
        second = client.post("/sign-in", data={"address": NOBODY})
    assert (first.status_code, first.location, first.data) == (second.status_code, second.location, second.data)
    assert client.get(first.location).data == client.get(second.location).data
    assert [text.split()[:3] for text in known] == [text.split()[:3] for text in unknown]
    assert len(known) == len(unknown) > 0


def test_unknown_address_leaves_no_person_until_its_link_is_confirmed(client: FlaskClient, session: Session) -> None:
    assemble(session)
    token = link_for(client, session, NOBODY)
    assert people(session, NOBODY) == 0
    page = client.get(f"/sign-in/{token}")
    assert "Make an account" in page.text
    wrong = client.post(f"/sign-in/{token}", data={"name": " "})
    assert (wrong.status_code, "Enter your name." in wrong.text) == (422, True)
    answer = client.post(f"/sign-in/{token}", data={"name": "Nora Newly"})
    assert answer.status_code == 303
    account = client.get("/me/account").text
    assert "Nora Newly" in account
    assert "Shown by your address" in account
    assert people(session, NOBODY) == 1


def test_opening_a_link_changes_nothing(client: FlaskClient, session: Session) -> None:
    assemble(session)
    token = link_for(client, session, ALICE)
    for _ in range(3):
        assert client.get(f"/sign-in/{token}").status_code == 200
        assert client.head(f"/sign-in/{token}").status_code == 200
    assert session.scalar(select(func.count()).select_from(BrowserSession)) == 0
    assert client.post(f"/sign-in/{token}").status_code == 303


def test_second_use_of_a_link_says_why_and_offers_a_new_one(app: Flask, client: FlaskClient, session: Session) -> None:
    assemble(session)
    token = link_for(client, session, ALICE)
    client.post(f"/sign-in/{token}")
    stranger = app.test_client()
    for answer in (stranger.get(f"/sign-in/{token}"), stranger.post(f"/sign-in/{token}")):
        assert answer.status_code == 410
        assert "This link was used already" in answer.text
        assert 'href="/sign-in">E-mail me a new link' in answer.text
    assert stranger.get("/me/account").status_code == 303


def test_pressing_the_button_twice_leads_on(client: FlaskClient, session: Session) -> None:
    assemble(session)
    token = link_for(client, session, ALICE)
    client.post(f"/sign-in/{token}")
    again = client.post(f"/sign-in/{token}")
    assert (again.status_code, again.location) == (303, "/me")


def test_link_ends_after_a_quarter_of_an_hour(client: FlaskClient, session: Session, clock: Clock) -> None:
    assemble(session)
    token = link_for(client, session, ALICE)
    clock.forward(minutes=15)
    answer = client.post(f"/sign-in/{token}")
    assert (answer.status_code, "This link has ended" in answer.text) == (410, True)


@pytest.mark.parametrize("token", ["x", "%27--", "a" * 3000, "../me", "sent%20"])
def test_made_up_link_gets_a_clear_answer(client: FlaskClient, session: Session, token: str) -> None:
    assemble(session)
    assert client.get(f"/sign-in/{token}").status_code in {404, 410}
    assert client.post(f"/sign-in/{token}").status_code in {404, 405, 410}


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", ""])
def test_sign_in_leads_to_no_other_site(client: FlaskClient, session: Session, onward: str) -> None:
    assemble(session)
    token = link_for(client, session, ALICE, onward=onward)
    assert client.post(f"/sign-in/{token}").location == "/me"


@pytest.mark.parametrize(
    "typed", ["", "alice", "a@b", "a" * 300 + "@x.ac.uk", "a\0@x.ac.uk", "a@x.ac.uk\r\nBcc: b@y.uk"]
)
def test_what_is_no_address_comes_back_as_it_was_typed(client: FlaskClient, session: Session, typed: str) -> None:
    assemble(session)
    answer = client.post("/sign-in", data={"address": typed, "next": "/me/account"})
    assert answer.status_code == 422
    assert 'value="/me/account"' in answer.text
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_cookie_is_for_the_server_alone(client: FlaskClient, session: Session) -> None:
    assemble(session)
    token = link_for(client, session, ALICE)
    cookie = cookie_of(client.post(f"/sign-in/{token}"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=2592000" in cookie
    assert "Secure" not in cookie


@pytest.mark.one_database
def test_cookie_is_secure_over_https(settings: Settings, session: Session) -> None:
    assemble(session)
    app = create_app(replace(settings, base_url="https://programme.example.ac.uk"))
    client = app.test_client()
    token = link_for(client, session, ALICE)
    assert "; Secure" in cookie_of(client.post(f"/sign-in/{token}"))
    with app.app_context():
        db.engine.dispose()


def test_copied_cookie_is_worth_nothing_after_sign_out(app: Flask, client: FlaskClient, session: Session) -> None:
    cast = assemble(session)
    secret = cookie_for(session, cast.alice)
    client.set_cookie("programme_session", secret)
    thief = app.test_client()
    thief.set_cookie("programme_session", secret)
    assert thief.get("/me/account").status_code == 200
    answer = client.post("/sign-out")
    assert answer.status_code == 303
    assert client.get_cookie("programme_session") is None
    assert thief.get("/me/account").location == "/sign-in?next=/me/account"


def test_somebody_signed_in_needs_no_link(client: FlaskClient, session: Session) -> None:
    cast = assemble(session)
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    assert client.get("/sign-in?next=/organise").location == "/organise"


def test_page_of_a_link_is_kept_by_no_cache(client: FlaskClient, session: Session) -> None:
    assemble(session)
    answer = client.get(f"/sign-in/{link_for(client, session, ALICE)}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.one_database
def test_letters_to_one_address_are_limited_and_others_are_not(settings: Settings, session: Session) -> None:
    assemble(session)
    app = create_app(replace(settings, sign_in_address_limit="2 per 15 minutes"))
    client = app.test_client()
    asked = [client.post("/sign-in", data={"address": who}).status_code for who in (ALICE, ALICE.upper(), ALICE)]
    assert asked == [303, 303, 429]
    assert client.post("/sign-in", data={"address": NOBODY}).status_code == 303
    with app.app_context():
        db.engine.dispose()


@pytest.mark.one_database
def test_asking_is_limited_by_where_it_comes_from(settings: Settings, session: Session) -> None:
    assemble(session)
    app = create_app(replace(settings, sign_in_limit="3 per minute"))
    client = app.test_client()
    codes = [client.post("/sign-in", data={"address": f"p{n}@example.org"}).status_code for n in range(5)]
    assert codes == [303, 303, 303, 429, 429]
    assert client.get("/sign-in").status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_last_seen_is_marked_by_looking_and_not_at_every_page(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    assemble(session)
    client.post(f"/sign-in/{link_for(client, session, ALICE)}")
    row = session.scalars(select(BrowserSession)).one()
    start = row.last_seen_at
    session.rollback()
    clock.forward(minutes=5)
    client.get("/me/account")
    session.refresh(row)
    assert row.last_seen_at == start
    session.rollback()
    clock.forward(minutes=6)
    client.get("/me/account")
    session.refresh(row)
    assert row.last_seen_at == start + timedelta(minutes=11)


def link_for(client: FlaskClient, session: Session, address: str, *, onward: str = "") -> str:
    """Ask for a link and take its secret from the letter."""
    answer = client.post("/sign-in", data={"address": address, "next": onward})
    assert (answer.status_code, answer.location) == (303, "/sign-in/sent")
    assert session.scalar(select(func.count()).select_from(SignInLink))
    newest = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    token = str(newest.context["token"])
    session.rollback()  # so that the next look sees what the application does
    return token


def people(session: Session, address: str) -> int:
    """How many people have the address."""
    session.rollback()
    return session.scalar(select(func.count()).where(Person.address_key == address)) or 0


def cookie_of(answer: Any) -> str:
    """The header that sets the session's cookie."""
    (found,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("programme_session=")]
    return str(found)
