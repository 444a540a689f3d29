"""The schema's version: moving it up and down, and whether it is current."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

from programme.core.database import prepare_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection, Engine


class SchemaStatus(NamedTuple):
    """The database's revision (None = empty) and the newest there is."""

    current: str | None
    newest: str | None

    @property
    def is_current(self) -> bool:
        """Whether nothing is left to move up."""
        return self.current == self.newest


def engine_for(url: str) -> Engine:
    """Return an engine of our manners outside the application: commands and migrations."""
    engine = create_engine(url)
    prepare_engine(engine)
    return engine


def upgrade(url: str, migrations: Path, *, revision: str = "head") -> None:
    """Move the schema up to `revision`."""
    with moving(url) as connection:
        command.upgrade(configuration(migrations, connection), revision)


def downgrade(url: str, migrations: Path, *, revision: str) -> None:
    """Move the schema down to `revision` (`base` empties it)."""
    with moving(url) as connection:
        command.downgrade(configuration(migrations, connection), revision)


@contextmanager
def moving(url: str) -> Iterator[Connection]:
    """Give a connection on which tables may change; nothing of it stays where it fails.

    SQLite changes a column by copying its table and dropping the old one, and dropping a table deletes what hangs on
    it: so foreign keys are off meanwhile, and looked at as a whole before the end.
    """
    engine = engine_for(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.begin() as connection:
            yield connection
            if engine.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("The migration would leave rows that point to nothing, so it is taken back.")
    finally:
        engine.dispose()


def status(connection: Connection, migrations: Path) -> SchemaStatus:
    """Compare the database's revision with the newest migration."""
    current = MigrationContext.configure(connection).get_current_revision()
    return SchemaStatus(current, newest_revision(migrations))


def newest_revision(migrations: Path) -> str | None:
    """Return the head of the linear history."""
    return head_of(migrations, frozenset(file.name for file in migrations.glob("versions/*.py")))


@lru_cache(maxsize=8)
def head_of(migrations: Path, names: frozenset[str]) -> str | None:
    """Return the head of the history that these files tell: each is a module to load, and health is asked often."""
    del names
    return ScriptDirectory(str(migrations)).get_current_head()


def configuration(migrations: Path, connection: Connection) -> Config:
    """Return alembic's configuration around an open connection."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
