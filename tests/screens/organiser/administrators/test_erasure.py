"""Administrators delete somebody's data at their request, and see no more than they must."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.registration.models import Registration
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import Cast, cookie_for


@pytest.fixture
def ada(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    """Ada, who runs the installation, signed in."""
    things.registration(
        session, to=things.opening(session, events=[things.event(session, lead=cast.oxford)]), who=cast.charlie
    )
    session.commit()
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    return client


def test_administrator_finds_by_address_sees_numbers_and_deletes(
    ada: FlaskClient, session: Session, cast: Cast
) -> None:
    number = cast.charlie.id
    found = ada.post("/organise/people/erasure", data={"address": "Charlie@example.org"})
    assert found.location == f"/organise/people/{number}/erasure"
    page = unescape(ada.get(found.location).text)
    assert "1 registration to come is cancelled" in page
    assert "Quantum sensing" not in page
    answer = ada.post(found.location, follow_redirects=True)
    assert "Everything held under charlie@example.org is deleted." in answer.text
    session.rollback()
    session.expire_all()
    assert session.get(Person, number) is None
    assert session.scalars(select(Registration.name)).all() == ["Name deleted"]
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.person_id, entry.verb, entry.subject_id) == (cast.ada.id, "deleted an account", 0)


def test_unknown_address_is_told_and_kept_in_the_field(ada: FlaskClient) -> None:
    answer = ada.post("/organise/people/erasure", data={"address": "nobody@example.org"})
    assert answer.status_code == 422
    assert "We hold nothing under this address." in answer.text
    assert 'value="nobody@example.org"' in answer.text


@pytest.mark.parametrize("address", ["", "nonsense", "a\0b@example.org", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_refused(ada: FlaskClient, address: str) -> None:
    assert ada.post("/organise/people/erasure", data={"address": address}).status_code == 422


def test_own_account_is_deleted_in_ones_own_account(ada: FlaskClient, session: Session, cast: Cast) -> None:
    answer = ada.post(f"/organise/people/{cast.ada.id}/erasure", follow_redirects=True)
    assert "Delete your own account in your account." in answer.text
    session.rollback()
    assert session.get(Person, cast.ada.id) is not None


def test_nobody_else_may(olga: FlaskClient, cast: Cast) -> None:
    here = f"/organise/people/{cast.charlie.id}/erasure"
    assert [olga.get("/organise/people/erasure").status_code, olga.get(here).status_code] == [403, 403]
    assert [olga.post("/organise/people/erasure").status_code, olga.post(here).status_code] == [403, 403]
    assert "Delete somebody" not in olga.get("/organise/people").text


@pytest.mark.parametrize("number", ["999999", "9223372036854775808", "0"])
def test_ids_of_nobody_get_a_clear_answer(ada: FlaskClient, number: str) -> None:
    assert ada.get(f"/organise/people/{number}/erasure").status_code == 404
    assert ada.post(f"/organise/people/{number}/erasure").status_code in {404, 405}
