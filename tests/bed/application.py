"""The application as a test sees it: the real factory, on a database of the test's own.

What is the same in every application of a run is made once: that is most of what setting a test up costs.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool, QueuePool
from sqlalchemy.util import LRUCache

from programme import app as factory
from programme.app import create_app
from programme.config import Settings
from programme.core.web import assets
from programme.extensions import db
from tests.bed.servers.sqlite import Files

PLAIN = {
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 4,
    "BASE_URL": "http://localhost",
    "MAIL_URL": "capture://",
    "MAIL_FROM": "programme@programme.example",
    "SIGN_UP_LIMIT": "100000 per minute",
    "SIGN_IN_LIMIT": "100000 per minute",
    "SEARCH_LIMIT": "100000 per minute",
}


STATEMENTS = 50_000
"""More kinds than all tests send together: of some hundreds, as an engine keeps by itself, most are compiled again."""

# Where Flask keeps what blueprints register, but for the addresses themselves: one thing for a key, or a list of them.
SINGLE = ("view_functions", "blueprints", "error_handler_spec")
LISTED = (
    "before_request_funcs",
    "after_request_funcs",
    "teardown_request_funcs",
    "template_context_processors",
    "url_value_preprocessors",
    "url_default_functions",
)


class MadeOnce:
    """Compiled templates, compiled statements and registered addresses, shared by the applications of a process.

    Templates are kept in a folder of the run, where its other processes find them, too.
    """

    def __init__(self, folder: Path, files: Files) -> None:
        self.files = files
        self.templates = FileSystemBytecodeCache(str(folder))
        self.loaded: dict[tuple[bool, str], tuple[Any, Any]] = {}
        self.statements: dict[str, tuple[Any, Any]] = {}
        self.connections: dict[str, Pool] = {}
        self.addresses: Any = None
        self.single: dict[str, dict[Any, Any]] = {}
        self.listed: dict[str, dict[Any, list[Any]]] = {}

    def register_screens(self, app: Flask) -> None:
        """Register every screen, the first time; then give what that led to."""
        if self.addresses is None:
            single = {name: set(getattr(app, name)) for name in SINGLE}
            listed = {name: {key: len(one) for key, one in getattr(app, name).items()} for name in LISTED}
            register_screens(app)
            self.addresses = app.url_map
            for name, known in single.items():
                self.single[name] = {key: one for key, one in getattr(app, name).items() if key not in known}
            for name, lengths in listed.items():
                self.listed[name] = {key: one[lengths.get(key, 0) :] for key, one in getattr(app, name).items()}
            return
        app.url_map = self.addresses
        for name, added in self.single.items():
            getattr(app, name).update(added)
        for name, further in self.listed.items():
            for key, functions in further.items():
                getattr(app, name)[key].extend(functions)

    def share_templates(self, app: Flask, settings: Settings) -> None:
        """Let applications use the templates that others loaded, where what the settings tell templates is the same."""
        pages = app.jinja_env
        pages.bytecode_cache = self.templates
        told = (settings.demo, settings.help_address)
        pages.loader, pages.cache = self.loaded.setdefault(told, (pages.loader, pages.cache))

    def share_statements(self, engine: Engine) -> None:
        """Let engines of one kind share what they compiled; SQLite need not wait for the disk besides."""
        if engine.name == "sqlite":
            event.listen(engine, "connect", hurry)
            self.files.serve(engine)
        else:
            engine.pool = self.connections.pop(str(engine.url), engine.pool)
        with engine.connect():
            shared = self.statements.setdefault(engine.name, (engine.dialect, LRUCache(STATEMENTS)))
        engine.dialect, engine._compiled_cache = shared

    def give_back(self, engine: Engine) -> None:
        """Close what an engine holds, or keep it for the next test on that database.

        A new connection to PostgreSQL is a new process there, and has to read the catalogue before its first statement.
        """
        pool = engine.pool
        if engine.name == "sqlite" or not isinstance(pool, QueuePool) or pool.checkedout():
            with self.files.laying_aside(engine):
                engine.dispose()
        else:
            engine.dispatch.engine_disposed(engine)  # whoever has connections of their own closes them
            self.connections[str(engine.url)] = pool


def hurry(connection: Any, _: object) -> None:
    """Trust the operating system: no test pulls a plug, and those that kill use programs of their own."""
    connection.execute("PRAGMA synchronous=OFF")


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Where all processes of this run keep what one of them made for all."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


register_screens = factory.register_screens


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory: pytest.TempPathFactory, sqlite_files: Files) -> Iterator[MadeOnce]:
    """What the applications of this run share."""
    folder = shared_folder(tmp_path_factory) / "templates"
    folder.mkdir(exist_ok=True)
    made = MadeOnce(folder, sqlite_files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factory, "register_screens", made.register_screens)
        patch.setattr(assets, "version", cache(assets.version))
        yield made
    for pool in made.connections.values():
        pool.dispose()


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
    made_once.share_templates(made, settings)
    with made.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        made_once.share_statements(engine)
    yield made
    for engine in engines:
        made_once.give_back(engine)


@pytest.fixture(scope="session")
def rowless(tmp_path_factory: pytest.TempPathFactory, made_once: MadeOnce) -> Iterator[Flask]:
    """An application without a table, made once for all who ask the database nothing: asking it is an error."""
    store = tmp_path_factory.mktemp("rowless")
    settings = settings_for(f"sqlite:///{store / 'nothing.sqlite'}", store=store)
    made = create_app(settings)
    made_once.share_templates(made, settings)
    yield made
    with made.app_context():
        db.engine.dispose()


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
