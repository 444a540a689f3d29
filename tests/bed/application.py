"""The application as a test sees it: the real factory, on a database of the test's own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.app import create_app
from programme.config import Settings
from programme.extensions import db
from tests.bed.once import MadeOnce

PLAIN = {
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 4,
    "BASE_URL": "http://localhost",
    "MAIL_URL": "capture://",
    "MAIL_FROM": "programme@programme.example",
    "SIGN_UP_LIMIT": "100000 per minute",
    "SIGN_IN_LIMIT": "100000 per minute",
    "SEARCH_LIMIT": "100000 per minute",
}


@pytest.fixture
def settings(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Settings:
    """Settings of this test.

    A test that asks for `live_server` has its address as BASE_URL; one that asks for `smtp_peer` delivers to it; any
    other captures its letters.
    """
    others = {}
    if "live_server" in request.fixturenames:
        others["BASE_URL"] = request.getfixturevalue("address").url
    if "smtp_peer" in request.fixturenames:
        others["MAIL_URL"] = request.getfixturevalue("smtp_peer").url
    return settings_for(database_url, store=tmp_path, **others)


@pytest.fixture
def app(settings: Settings, made_once: MadeOnce) -> Iterator[Flask]:
    """The application; its connections are closed afterwards. No context is pushed: ask for one where it is needed."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = made_once.templates
    with made.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        made_once.share_statements(engine)
    yield made
    for engine in engines:
        engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen, signed in as nobody."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test's own on the application's engine: what it writes is seen by others once committed."""
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


def settings_for(database_url: str, *, store: Path, **others: str) -> Settings:
    """Return settings for one database; `others` are variables of the environment."""
    absent = {"PROGRAMME_ENV": str(store / "absent.env"), "STORE": str(store)}
    return replace(Settings.from_environment({**PLAIN, **absent, "DATABASE_URL": database_url, **others}), testing=True)
