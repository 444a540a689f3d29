"""Which revision a database has, and which is the newest: known without loading what moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import column, inspect, select, table

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

KEPT_IN = table("alembic_version", column("version_num"))
"""Where alembic writes the revision down."""


class SchemaStatus(NamedTuple):
    """The database's revision (None = empty, or none that can be told) and the newest there is."""

    current: str | None
    newest: str | None

    @property
    def is_current(self) -> bool:
        """Whether nothing is left to move up."""
        return self.newest is not None and self.current == self.newest


def status(connection: Connection, migrations: Path) -> SchemaStatus:
    """Compare the database's revision with the newest migration."""
    return SchemaStatus(current_revision(connection), newest_revision(migrations))


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database; None where it is empty, or says two: then somebody has to look at it."""
    if not inspect(connection).has_table(KEPT_IN.name):
        return None
    found = connection.scalars(select(KEPT_IN.c.version_num)).all()
    return found[0] if len(found) == 1 else None


def newest_revision(migrations: Path) -> str | None:
    """Return the newest of the linear history, which the names of its files begin with: `0012_what_it_does.py`."""
    return max((file.name.partition("_")[0] for file in migrations.glob("versions/[0-9]*.py")), default=None)
