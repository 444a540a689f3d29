"""Files of SQLite that serve one test after another, with connections that stay open from one to the next.

A new connection reads the whole schema before its first statement, and compiles every statement again: that took as
long as an application is made.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

BESIDE = ("", "-wal", "-shm", "-journal", "-turn")
"""How files of one database end; the last one is ours, where writers take turns."""
MOST_OPEN = 4
"""Connections to one file that stay; tests with threads open more."""
MOST_ROUNDS = 3
OF_MIGRATIONS = frozenset({"alembic_version"})
"""Tables in which a migrated database has rows before anybody writes."""


class Kept(sqlite3.Connection):
    """A connection that is laid aside, instead of closed, with the engine of a test that has ended."""

    file: File | None = None

    def close(self) -> None:
        """End what is under way, and wait for the next test; within a test whatever is closed is closed."""
        if self.file is None or not self.file.lays_aside(self):
            super().close()


class File:
    """One migrated file, with the connections to it that nobody uses now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lays_connections_aside = False
        self.idle: list[Kept] = []
        self.inode = path.stat().st_ino
        connection = self.connection()
        self.shape = shape_of(connection)
        looks = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables(connection))  # noqa: S608
        self.which_have_rows = " UNION ALL ".join(looks)
        assert not connection.execute(self.which_have_rows).fetchall(), "migrations write rows: the next test has none"
        self.idle.append(connection)

    def connection(self, **options: Any) -> Kept:
        """Return an idle connection, else a new one."""
        try:
            return self.idle.pop()
        except IndexError:
            made = sqlite3.connect(self.path, factory=Kept, **{"check_same_thread": False, **options})
            made.file = self
            return made

    def lays_aside(self, connection: Kept) -> bool:
        """Lay a connection aside, if that is wanted, there is room, and it is in order."""
        if not self.lays_connections_aside or len(self.idle) >= MOST_OPEN:
            return False
        try:
            connection.rollback()
        except sqlite3.Error:
            return False
        self.idle.append(connection)
        return True

    def is_emptied(self) -> bool:
        """Throw away every row; False where the file or its tables are others than at first: it serves no more."""
        if not self.path.exists() or self.path.stat().st_ino != self.inode:
            return False
        connection = self.connection()
        try:
            if self.shape == shape_of(connection):
                self.forget(connection)
                self.idle.append(connection)
                return True
        except sqlite3.Error:
            pass  # somebody is still writing, or has spoilt the file
        connection.close()
        return False

    def forget(self, connection: Kept) -> None:
        """Delete from tables until none has a row: a trigger may write where something was deleted before."""
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA busy_timeout=1000")  # whoever is writing still has had the test's time for it
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(MOST_ROUNDS):
            for (name,) in connection.execute(self.which_have_rows).fetchall():
                connection.execute(f'DELETE FROM "{name}"')  # noqa: S608
        if connection.execute(self.which_have_rows).fetchone() is not None:
            raise sqlite3.OperationalError("rows come back as soon as they are deleted")
        connection.execute("COMMIT")

    def end(self) -> None:
        """Close what is idle, and remove the file with all that lies beside it."""
        while self.idle:
            self.idle.pop().close()
        remove(self.path)


class Files:
    """All files that serve, by their path."""

    def __init__(self) -> None:
        self.known: dict[str, File] = {}

    def serve(self, engine: Engine) -> None:
        """Let an engine have connections that others had before it."""
        event.listen(engine, "do_connect", self.connected)

    @contextmanager
    def laying_aside(self, engine: Engine) -> Iterator[None]:
        """Let connections that an engine closes meanwhile wait for the next test."""
        file = self.known.get(engine.url.database or "")
        if file is None:
            yield
            return
        file.lays_connections_aside = True
        try:
            yield
        finally:
            file.lays_connections_aside = False

    def connected(self, _dialect: object, _: object, arguments: list[str], options: dict[str, Any]) -> Kept | None:
        """Return a connection to a file that serves; None leaves it to the driver."""
        file = self.known.get(os.fspath(arguments[0]))
        return file.connection(**options) if file else None


def shape_of(connection: sqlite3.Connection) -> int:
    """Return the number that SQLite raises whenever a table, an index or a trigger changes."""
    (number,) = connection.execute("PRAGMA schema_version").fetchone()
    return int(number)


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all tables that tests write to."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in found if name not in OF_MIGRATIONS]


def remove(path: Path) -> None:
    """Remove a database's files."""
    for beside in BESIDE:
        path.with_name(f"{path.name}{beside}").unlink(missing_ok=True)
