"""Migrations: numbered and linear, up from nothing and down again, and equal to the models."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from programme.core import schema
from programme.tables import METADATA
from tests.bed.databases import MIGRATIONS

NUMBERED = re.compile(r"^\d{4}_[a-z0-9_]+\.py$")
VERSIONS = "alembic_version"


def test_migrations_are_numbered_and_linear() -> None:
    history = ScriptDirectory(str(MIGRATIONS))
    revisions = list(history.walk_revisions())
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert revisions, "there is no migration"
    assert len(history.get_heads()) == 1
    assert not [revision.revision for revision in revisions if revision.is_merge_point or revision.is_branch_point]
    assert [name for name in names if not NUMBERED.match(name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_migrated_database_equals_the_models(database_url: str) -> None:
    with connected(database_url) as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_schema_moves_up_from_nothing_and_down_again(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url, MIGRATIONS)
    assert tables(empty_database_url) - {VERSIONS} == set(METADATA.tables)
    with connected(empty_database_url) as connection:
        assert schema.status(connection, MIGRATIONS).is_current
    schema.downgrade(empty_database_url, MIGRATIONS, revision="base")
    assert tables(empty_database_url) - {VERSIONS} == set()
    schema.upgrade(empty_database_url, MIGRATIONS)
    assert tables(empty_database_url) - {VERSIONS} == set(METADATA.tables)


def test_schema_moves_one_step_at_a_time(empty_database_url: str) -> None:
    newest_last = [revision.revision for revision in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
    for revision in newest_last:
        schema.upgrade(empty_database_url, MIGRATIONS, revision=revision)
    for revision in [*newest_last[-2::-1], "base"]:
        schema.downgrade(empty_database_url, MIGRATIONS, revision=revision)
    assert tables(empty_database_url) - {VERSIONS} == set()


def tables(url: str) -> set[str]:
    """The names of a database's tables."""
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that leaves nothing open."""
    engine = schema.engine_for(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
