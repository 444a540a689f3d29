"""Administrators keep what is known of organisations; a domain that is no proof is refused."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.affiliations import organisation_of_address
from programme.people.models import Organisation
from tests.factories.cast import Cast, cookie_for


@pytest.fixture
def ada(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    """Ada, who runs the installation."""
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    return client


def test_list_shows_each_with_what_is_missing(ada: FlaskClient, session: Session, cast: Cast) -> None:
    cast.oxford.privacy_address = ""
    session.commit()
    page = ada.get("/organise/organisations").text
    assert "University of Liverpool" in page
    assert "liverpool.ac.uk" in page
    assert "Missing" in page


def test_new_domain_proves_at_once_and_is_in_the_trail(ada: FlaskClient, session: Session, cast: Cast) -> None:
    typed = {"domains": "OX.ac.uk\n @physics-outreach.org ", "contact_address": "us@ox.ac.uk"}
    assert ada.post(f"/organise/organisations/{cast.oxford.id}", data=typed).status_code == 303
    session.rollback()
    session.expire_all()
    found = organisation_of_address(session, "bob@lab.physics-outreach.org")
    assert found is not None
    assert found.id == cast.oxford.id
    assert organisation_of_address(session, "bob@oxford.example.ac.uk") is None
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "organisation edited")).one()
    assert entry.after is not None
    assert entry.after["domains"] == ["ox.ac.uk", "physics-outreach.org"]


@pytest.mark.parametrize(
    ("domains", "says"),
    [
        ("liverpool.ac.uk", "belongs to another organisation"),
        ("ac.uk", "everybody’s"),
        ("not a domain", "is not a domain"),
        ("x" * 300 + ".org", "is not a domain"),
        ("http://ox.ac.uk", "is not a domain"),
        ("\n".join(f"d{number}.org" for number in range(60)), "50 domains at most"),
    ],
)
def test_domain_that_proves_nothing_is_refused_and_what_was_typed_kept(
    ada: FlaskClient, session: Session, cast: Cast, domains: str, says: str
) -> None:
    typed = {"domains": domains, "contact_address": "kept@ox.ac.uk"}
    answer = ada.post(f"/organise/organisations/{cast.oxford.id}", data=typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert "kept@ox.ac.uk" in answer.text
    session.rollback()
    session.expire_all()
    assert session.get_one(Organisation, cast.oxford.id).contact_address != "kept@ox.ac.uk"


def test_same_again_leaves_no_entry(ada: FlaskClient, session: Session, cast: Cast) -> None:
    row = cast.oxford
    typed = {
        "domains": "\n".join(one.domain for one in row.domains),
        "contact_address": row.contact_address,
        "privacy_address": row.privacy_address,
    }
    ada.post(f"/organise/organisations/{row.id}", data=typed)
    session.rollback()
    assert session.scalars(select(AuditEntry).where(AuditEntry.verb == "organisation edited")).all() == []


def test_nobody_else_may(olga: FlaskClient, cast: Cast) -> None:
    here = f"/organise/organisations/{cast.liverpool.id}"
    assert [olga.get("/organise/organisations").status_code, olga.get(here).status_code] == [403, 403]
    assert olga.post(here).status_code == 403
