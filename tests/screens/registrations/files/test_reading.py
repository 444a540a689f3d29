"""Who may read a file: whoever handed it in, and organisers as far as they may read the answer; nobody else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Opening
from programme.people.models import Person
from tests.factories import cast, files
from tests.factories.cast import Cast
from tests.screens.registrations.conftest import page_of, registrations
from tests.screens.registrations.files.conftest import CV, PROOF, SendFiles, lying


@pytest.fixture
def paths(
    app: Flask, session: Session, address: str, hand_in: SendFiles, asked: dict[str, Question]
) -> dict[str, tuple[str, str]]:
    """The addresses of a CV and of a sensitive certificate: the organisers', and one's own."""
    hand_in(address, why="To learn", cv=CV, proof=PROOF)
    row = registrations(session)[0]
    organisers, own = f"/organise/registrations/{row.id}/files", f"{page_of(app, row)}/files"
    return {name: (f"{organisers}/{asked[name].id}", f"{own}/{asked[name].id}") for name in ("cv", "proof")}


def browser(app: Flask, session: Session, who: Person) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("programme_session", cast.cookie_for(session, who))
    session.commit()
    return client


def test_a_file_is_given_to_keep_and_never_shown(client: FlaskClient, paths: dict[str, tuple[str, str]]) -> None:
    answer = client.get(paths["cv"][1], buffered=True)
    assert answer.data == files.PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "My CV.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_leads_organiser_reads_what_is_sensitive_too(
    app: Flask, session: Session, people: Cast, paths: dict[str, tuple[str, str]]
) -> None:
    omar = browser(app, session, people.omar)
    assert omar.get(paths["cv"][0], buffered=True).data == files.PDF
    assert omar.get(paths["proof"][0], buffered=True).data == files.PNG


def test_the_other_universitys_organiser_reads_nothing(
    app: Flask, session: Session, people: Cast, paths: dict[str, tuple[str, str]]
) -> None:
    olga = browser(app, session, people.olga)
    assert olga.get(paths["cv"][0]).status_code == 403
    assert olga.get(paths["proof"][0]).status_code == 403


def test_a_co_owner_reads_what_is_not_sensitive(
    app: Flask, session: Session, people: Cast, opening: Opening, paths: dict[str, tuple[str, str]]
) -> None:
    session.get_one(Opening, opening.id).co_owners = [people.liverpool]
    session.commit()
    olga = browser(app, session, people.olga)
    assert olga.get(paths["cv"][0], buffered=True).status_code == 200
    assert olga.get(paths["proof"][0]).status_code == 404


def test_strangers_helpers_and_invented_links_get_nothing(
    app: Flask, session: Session, client: FlaskClient, people: Cast, paths: dict[str, tuple[str, str]]
) -> None:
    alice = browser(app, session, people.alice)
    assert alice.get(paths["cv"][0]).status_code == 403
    assert client.get(paths["cv"][0]).status_code == 303
    token = paths["cv"][1].split("/")[2]
    assert client.get(paths["cv"][1].replace(token, f"{token[:-1]}A")).status_code == 404
    assert client.get(f"{paths['cv'][1]}99").status_code == 404


def test_a_file_whose_bytes_are_gone_is_not_there(
    app: Flask, client: FlaskClient, paths: dict[str, tuple[str, str]]
) -> None:
    for path in lying(app):
        path.unlink()
    assert client.get(paths["cv"][1]).status_code == 404
