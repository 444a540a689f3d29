"""Another address of one's own: asked for in the account, confirmed by the link that goes there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.core import clock
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories.cast import Cast, assemble, cookie_for

NEW = "alice@people.example.org"


@pytest.fixture
def cast(session: Session, client: FlaskClient) -> Cast:
    """The cast, with Alice signed in."""
    found = assemble(session)
    client.set_cookie("programme_session", cookie_for(session, found.alice))
    return found


def link_to(app: Flask, client: FlaskClient, capture: Capture) -> str:
    """Ask for the new address and return the path in the letter that goes there."""
    page = client.post("/me/account/address", data={"address": NEW}, follow_redirects=True).text
    assert f"on its way to {NEW}" in page
    run_due(app, clock.now())
    [letter] = capture.to(NEW)
    text = letter.get_body(("plain",))
    assert text is not None
    found = re.search(r"http://localhost(/me/account/address/\S+)", text.get_content())
    assert found
    return found[1]


def test_address_is_changed_by_the_button_behind_the_link(
    app: Flask, client: FlaskClient, cast: Cast, session: Session, capture: Capture
) -> None:
    path, old = link_to(app, client, capture), cast.alice.address
    page = client.get(path)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert old in page.text
    assert NEW in page.text
    session.rollback()
    session.expire_all()
    assert cast.alice.address == old
    assert f"Letters come to {NEW} from now on" in client.post(path, follow_redirects=True).text
    session.rollback()
    session.expire_all()
    assert cast.alice.address == NEW
    run_due(app, clock.now())
    assert [str(letter["Subject"]) for letter in capture.to(old)] == ["The address of your account was changed"]
    assert "This is your address already" in client.post(path, follow_redirects=True).text


def test_link_opens_nothing_for_somebody_else(
    app: Flask, client: FlaskClient, cast: Cast, session: Session, capture: Capture
) -> None:
    path = link_to(app, client, capture)
    client.set_cookie("programme_session", cookie_for(session, cast.bob))
    assert "This link opens nothing" in client.post(path, follow_redirects=True).text
    client.delete_cookie("programme_session")
    assert client.get(path).location == f"/sign-in?next={path}"
    session.rollback()
    session.expire_all()
    assert NEW not in {cast.alice.address, cast.bob.address}


@pytest.mark.parametrize(
    "wrong", ["", "nobody", "a@b@c", "x\n@example.org\0", "alice@liverpool.example.ac.uk", "é" * 300]
)
def test_what_cannot_be_is_refused_with_what_was_typed(client: FlaskClient, cast: Cast, wrong: str) -> None:
    answer = client.post("/me/account/address", data={"address": wrong})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text


@pytest.mark.parametrize("token", ["x", "1-x", "9" * 400, "%00", "1-%F0%9F%98%80"])
def test_an_invented_link_opens_nothing(client: FlaskClient, cast: Cast, token: str) -> None:
    assert client.get(f"/me/account/address/{token}").status_code in {303, 400, 404}
    assert client.post(f"/me/account/address/{token}").status_code in {303, 400, 404}
