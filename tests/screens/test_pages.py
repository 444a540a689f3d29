"""Pages that stand still, and the choice of theme."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.cast import assemble


@pytest.mark.parametrize("address", ["/privacy", "/accessibility", "/help"])
def test_page_stands_before_and_after_the_founding(client: FlaskClient, session: Session, address: str) -> None:
    assert client.get(address).status_code == 200
    assemble(session)
    assert client.get(address).status_code == 200


def test_privacy_names_both_controllers_and_their_contacts(client: FlaskClient, session: Session) -> None:
    assemble(session)
    page = client.get("/privacy").text
    assert "The University of Liverpool and the University of Oxford run this programme" in page
    assert "mailto:data-protection@liverpool.example.ac.uk" in page
    assert "mailto:data-protection@oxford.example.ac.uk" in page


def test_statement_names_whom_to_tell_and_who_enforces(client: FlaskClient, session: Session) -> None:
    assemble(session)
    page = client.get("/accessibility").text
    assert "mailto:programme@programme.example" in page
    assert "Equality Advisory and Support Service" in page


def test_theme_is_kept_and_leads_back(client: FlaskClient, session: Session) -> None:
    assemble(session)
    back = {"Referer": "http://localhost/privacy?x=1"}
    answer = client.post("/theme", data={"theme": "dark"}, headers=back)
    assert (answer.status_code, answer.location) == (303, "/privacy?x=1")
    assert 'class="theme-dark"' in client.get("/privacy").text


@pytest.mark.parametrize("referrer", ["https://evil.example/privacy", "http://localhost//evil.example", "nonsense", ""])
def test_theme_leads_to_no_other_site(client: FlaskClient, referrer: str) -> None:
    answer = client.post("/theme", data={"theme": "light"}, headers={"Referer": referrer} if referrer else {})
    assert answer.location == "/"


def test_theme_that_is_none_is_refused(client: FlaskClient) -> None:
    assert client.post("/theme", data={"theme": "beige"}).status_code == 400
    assert client.post("/theme").status_code == 400
