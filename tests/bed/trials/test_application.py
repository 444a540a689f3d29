"""The application of a test: its own settings, database and captured letters."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.engines.mail.models import CapturedMail
from tests.bed.mail import Capture
from tests.bed.servers.server import LiveServer
from tests.bed.servers.smtp import Peer

LETTER = b"From: programme@programme.example\r\nTo: alice@liverpool.example\r\nSubject: Hello\r\n\r\nHello\r\n"


def test_application_runs_on_the_database_of_the_test(app: Flask, session: Session, database_kind: str) -> None:
    bound = session.get_bind()
    assert isinstance(bound, Engine)
    assert (app.testing, bound.dialect.name) == (True, database_kind)


def test_capture_reads_what_was_kept_for_one_person(session: Session, capture: Capture) -> None:
    assert capture.messages == []
    kept = CapturedMail(recipient="alice@liverpool.example", captured_at=datetime(2027, 1, 1, tzinfo=UTC), raw=LETTER)
    session.add(kept)
    session.commit()
    assert capture.raw() == [LETTER]
    assert [letter["To"] for letter in capture.to("alice@liverpool.example")] == ["alice@liverpool.example"]
    assert capture.to("bob@oxford.example") == []


@pytest.mark.one_database
def test_client_asks_the_application(client: FlaskClient) -> None:
    assert client.get("/no-such-page").status_code == 404


@pytest.mark.one_database
def test_settings_follow_the_peers_that_a_test_asks_for(
    settings: Settings, live_server: LiveServer, smtp_peer: Peer
) -> None:
    assert settings.base_url == live_server.url
    assert (settings.mail.host, settings.mail.port) == (smtp_peer.host, smtp_peer.port)


@pytest.mark.one_database
def test_settings_capture_letters_by_default(settings: Settings) -> None:
    assert settings.mail.captures
    assert settings.base_url == "http://localhost"
