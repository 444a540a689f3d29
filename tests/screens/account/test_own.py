"""One's own account: name, ties, browsers, data."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.people.models import BrowserSession
from tests.factories.cast import Cast, assemble, cookie_for


@pytest.fixture
def cast(session: Session, client: FlaskClient) -> Cast:
    """The cast, with Alice signed in."""
    found = assemble(session)
    client.set_cookie("programme_session", cookie_for(session, found.alice))
    return found


def test_account_is_only_for_somebody_signed_in(client: FlaskClient) -> None:
    assert client.get("/me/account").location == "/sign-in?next=/me/account"
    assert client.post("/me/account/name", data={"name": "X"}).location == "/sign-in"


def test_account_shows_who_and_where(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/me/account").text
    assert cast.alice.address in page
    assert "University of Liverpool" in page
    assert "Shown by your address" in page
    assert "This browser" in page


def test_name_can_be_changed_and_not_be_emptied(client: FlaskClient, cast: Cast) -> None:
    assert client.post("/me/account/name", data={"name": "  Alice  B. Aldgrove "}).status_code == 303
    assert "Alice B. Aldgrove" in client.get("/me/account").text
    wrong = client.post("/me/account/name", data={"name": ""})
    assert wrong.status_code == 422
    assert "<title>Error: " in wrong.text
    assert wrong.text.count("Enter your name.") == 2


def test_claim_is_shown_as_said_and_can_be_taken_back(client: FlaskClient, cast: Cast) -> None:
    client.post("/me/account/affiliations", data={"organisation": "oxford", "kind": "staff"})
    page = client.get("/me/account").text
    assert "Said by you" in page
    client.post(f"/me/account/affiliations/{cast.oxford.id}/withdrawal")
    assert "Said by you" not in client.get("/me/account").text


def test_proved_tie_cannot_be_taken_back(client: FlaskClient, cast: Cast) -> None:
    answer = client.post(f"/me/account/affiliations/{cast.liverpool.id}/withdrawal", follow_redirects=True)
    assert "shown by your address" in answer.text
    assert "Shown by your address" in answer.text


@pytest.mark.parametrize(
    "typed", [{}, {"organisation": "atlantis", "kind": "staff"}, {"organisation": "oxford", "kind": "king"}]
)
def test_claim_of_what_is_not_offered_is_refused(client: FlaskClient, cast: Cast, typed: dict[str, str]) -> None:
    assert client.post("/me/account/affiliations", data=typed).status_code == 422


@pytest.mark.parametrize("number", ["999999", "9223372036854775808"])
def test_ids_of_nothing_get_a_clear_answer(client: FlaskClient, cast: Cast, number: str) -> None:
    for address in (f"affiliations/{number}/withdrawal", f"browsers/{number}/sign-out"):
        assert client.post(f"/me/account/{address}").status_code in {303, 404}


def test_other_browser_is_signed_out_from_here(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    other = app.test_client()
    other.set_cookie("programme_session", cookie_for(session, cast.alice))
    newest = session.scalars(select(BrowserSession.id).order_by(BrowserSession.id.desc()).limit(1)).one()
    client.post(f"/me/account/browsers/{newest}/sign-out")
    assert other.get("/me/account").status_code == 303
    assert client.get("/me/account").status_code == 200


def test_somebody_elses_browser_stays_signed_in(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    bobs = app.test_client()
    bobs.set_cookie("programme_session", cookie_for(session, cast.bob))
    newest = session.scalars(select(BrowserSession.id).order_by(BrowserSession.id.desc()).limit(1)).one()
    answer = client.post(f"/me/account/browsers/{newest}/sign-out", follow_redirects=True)
    assert "not signed in any more" in answer.text
    assert bobs.get("/me/account").status_code == 200


def test_all_other_browsers_are_signed_out_at_once(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
) -> None:
    others = [app.test_client() for _ in range(2)]
    for other in others:
        other.set_cookie("programme_session", cookie_for(session, cast.alice))
    answer = client.post("/me/account/browsers/sign-out", follow_redirects=True)
    assert "2 other browsers signed out." in answer.text
    assert [other.get("/me/account").status_code for other in others] == [303, 303]
