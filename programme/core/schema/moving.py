"""Moving the schema up and down."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event

from programme.core.database import prepare_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection, Engine


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


def configuration(migrations: Path, connection: Connection) -> Config:
    """Return alembic's configuration around an open connection."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
