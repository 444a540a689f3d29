"""The application as a test sees it: the real factory, on a database of the test's own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from programme.app import create_app
from programme.config import Settings
from programme.extensions import db

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


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all the applications of a run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """The rules of addresses compiled once for all the applications of a run: that is most of making one."""
    compile_rule, known = Rule.compile, dict[object, Rule]()

    def once(rule: Rule) -> None:
        given = tuple(sorted((rule.defaults or {}).items()))
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.build_only, given)
        made = known.get(key)
        if made is None:
            compile_rule(rule)
            known[key] = rule
            return
        rule._parts, rule._trace, rule._converters = made._parts, made._trace, made._converters
        rule.arguments = set(made.arguments)
        rule._build, rule._build_unknown = (
            build.__func__.__get__(rule, None)  # type: ignore[attr-defined]
            for build in (made._build, made._build_unknown)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", once)
        yield


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application; its connections are closed afterwards. No context is pushed: ask for one where it is needed."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = compiled_templates
    yield made
    with made.app_context():
        engines = list(db.engines.values())
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
