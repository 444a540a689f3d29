"""Migrations: numbered and linear, up from nothing and down again, and equal to the models."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, column, insert, inspect, select, table, text
from sqlalchemy.exc import IntegrityError

from programme.core.database import Instant
from programme.core.schema import moving, revisions
from programme.tables import METADATA
from tests.bed.databases import MIGRATIONS
from tests.factories.cast import LONG_AGO

NUMBERED = re.compile(r"^\d{4}_[a-z0-9_]+\.py$")
VERSIONS = "alembic_version"
CHAIR = ("organisation", "person", "event", "opening", "registration", "seat")
"""What somebody's chair needs, in the order in which it is made."""


def test_migrations_are_numbered_and_linear() -> None:
    history = ScriptDirectory(str(MIGRATIONS))
    steps = list(history.walk_revisions())
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert steps, "there is no migration"
    assert len(history.get_heads()) == 1
    assert not [step.revision for step in steps if step.is_merge_point or step.is_branch_point]
    assert [name for name in names if not NUMBERED.match(name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert revisions.newest_revision(MIGRATIONS) == history.get_current_head()


def test_migrated_database_equals_the_models(database_url: str) -> None:
    with connected(database_url) as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_schema_moves_up_from_nothing_and_down_again(empty_database_url: str) -> None:
    moving.upgrade(empty_database_url, MIGRATIONS)
    assert tables(empty_database_url) - {VERSIONS} == set(METADATA.tables)
    with connected(empty_database_url) as connection:
        assert revisions.status(connection, MIGRATIONS).is_current
    moving.downgrade(empty_database_url, MIGRATIONS, revision="base")
    assert tables(empty_database_url) - {VERSIONS} == set()
    moving.upgrade(empty_database_url, MIGRATIONS)
    assert tables(empty_database_url) - {VERSIONS} == set(METADATA.tables)


def test_no_database_is_current_that_says_two_revisions_or_has_no_migrations(
    empty_database_url: str, tmp_path: Path
) -> None:
    with connected(empty_database_url) as connection:
        assert revisions.status(connection, MIGRATIONS) == (None, revisions.newest_revision(MIGRATIONS))
        assert not revisions.status(connection, tmp_path).is_current
    moving.upgrade(empty_database_url, MIGRATIONS)
    with connected(empty_database_url) as connection:
        assert revisions.status(connection, MIGRATIONS).is_current
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
        assert not revisions.status(connection, MIGRATIONS).is_current


def test_schema_moves_one_step_at_a_time(empty_database_url: str) -> None:
    newest_last = [revision.revision for revision in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
    for revision in newest_last:
        moving.upgrade(empty_database_url, MIGRATIONS, revision=revision)
    for revision in [*newest_last[-2::-1], "base"]:
        moving.downgrade(empty_database_url, MIGRATIONS, revision=revision)
    assert tables(empty_database_url) - {VERSIONS} == set()


def test_registrations_keep_their_chairs_and_may_lose_their_person(empty_database_url: str) -> None:
    moving.upgrade(empty_database_url, MIGRATIONS, revision="0002")
    with connected(empty_database_url) as connection:
        fill_with_a_chair(connection)
    moving.upgrade(empty_database_url, MIGRATIONS)
    with connected(empty_database_url) as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM seat JOIN registration r ON r.id = registration_id")) == 1
        signed_in = select(column("signed_in_at", Instant)).select_from(table("person"))
        assert connection.scalar(signed_in) == LONG_AGO
        with pytest.raises(IntegrityError):
            connection.execute(text("DELETE FROM person"))
        connection.rollback()
        connection.execute(text("UPDATE registration SET person_id = NULL"))
        connection.execute(text("DELETE FROM person"))
        connection.commit()
    moving.downgrade(empty_database_url, MIGRATIONS, revision="0002")
    with connected(empty_database_url) as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM registration")) == 0
        assert connection.scalar(text("SELECT COUNT(*) FROM seat")) == 0


def test_those_who_came_along_with_somebody_stay_counted(empty_database_url: str) -> None:
    moving.upgrade(empty_database_url, MIGRATIONS, revision="0022")
    with connected(empty_database_url) as connection:
        fill_with_a_chair(connection, *CHAIR, "companion")
    moving.upgrade(empty_database_url, MIGRATIONS)
    with connected(empty_database_url) as connection:
        marks = connection.execute(text("SELECT seat_id, companion_id, attendance FROM companion_mark")).all()
        assert marks == [(1, 1, "present")]


@pytest.mark.parametrize(("asked_by", "strands"), [(1, ["cohorts", "exchange"]), (2, ["exchange"])])
def test_helpers_keep_whom_their_own_organisation_expects_in_another_strand(
    empty_database_url: str, asked_by: int, strands: list[str]
) -> None:
    moving.upgrade(empty_database_url, MIGRATIONS, revision="0024")
    with connected(empty_database_url) as connection:
        fill_with_a_chair(connection, "organisation", "person", "event", "opening", "opening_event", "role_grant")
        add_another(connection, "organisation", slug="another")
        connection.execute(text("UPDATE opening SET strand = 'cohorts'"))
        told = text(
            "UPDATE role_grant SET role = 'helper', strand = 'exchange', subject_kind = 'event', subject_id = 1"
        )
        connection.execute(told)
        connection.execute(text("UPDATE role_grant SET organisation_id = :by"), {"by": asked_by})
        if connection.dialect.name == "postgresql":  # which does not count what was given its number
            connection.execute(text("SELECT setval(pg_get_serial_sequence('role_grant', 'id'), 1)"))
        connection.commit()
    moving.upgrade(empty_database_url, MIGRATIONS)
    with connected(empty_database_url) as connection:
        held = "SELECT strand FROM role_grant WHERE role = 'helper' AND organisation_id = :by AND subject_id = 1"
        assert sorted(connection.scalars(text(held), {"by": asked_by})) == strands


def add_another(connection: Connection, name: str, **given: object) -> None:
    """The second row of a table: like the first, but for what is given."""
    known = Table(name, MetaData(), autoload_with=connection)
    first = connection.execute(select(known)).mappings().one()
    connection.execute(insert(known).values({**first, "id": 2, **given}))


def fill_with_a_chair(connection: Connection, *names: str) -> None:
    """One person with a chair at an event, as an earlier release kept them: whatever a table needs is made up."""
    known = MetaData()
    known.reflect(connection)
    needed = {
        "address_proved_at": LONG_AGO,
        "person_id": 1,
        "organisation_id": 1,
        "lead_organisation_id": 1,
        "opening_id": 1,
        "event_id": 1,
        "registration_id": 1,
        "attendance": "present",
    }
    for name in names or CHAIR:
        columns = [one for one in known.tables[name].columns if not one.nullable or one.name in needed]
        values = {one.name: needed.get(one.name, made_up(one)) for one in columns}
        connection.execute(insert(known.tables[name]).values(values))
    connection.commit()


def made_up(wanted: Column[object]) -> object:
    """Something that a column takes."""
    kind = wanted.type.python_type
    return {int: 1, str: "live", bool: False, datetime: LONG_AGO}.get(kind, [])


def test_a_line_of_a_round_points_to_an_approval_that_is_there(empty_database_url: str) -> None:
    moving.upgrade(empty_database_url, MIGRATIONS, revision="0022")
    with connected(empty_database_url) as connection:
        fill_with_lines(connection)
    moving.upgrade(empty_database_url, MIGRATIONS)
    pointers = text("SELECT withdrawn_id FROM decision_line ORDER BY id")
    with connected(empty_database_url) as connection:
        assert list(connection.scalars(pointers)) == [1, None]
        assert connection.scalar(text("SELECT visibility FROM opening")) == "public"
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE decision_line SET withdrawn_id = 404"))
        connection.rollback()
        connection.execute(text("DELETE FROM approval"))
        connection.commit()
        assert list(connection.scalars(pointers)) == [None, None]
    moving.downgrade(empty_database_url, MIGRATIONS, revision="0022")
    with connected(empty_database_url) as connection:
        assert list(connection.scalars(pointers)) == [None, None]


def fill_with_lines(connection: Connection) -> None:
    """A round with two lines: one ended an approval that is there, one an approval that has gone since."""
    fill_with_a_chair(connection)
    known = MetaData()
    known.reflect(connection)
    for name, given in (
        ("approval", [{}]),
        ("decision_round", [{"opening_id": 1}]),
        ("decision_line", [{"withdrawn_id": 1}, {"withdrawn_id": 404, "id": 2}]),
    ):
        table = known.tables[name]
        usual = {one.name: made_up(one) for one in table.columns if not one.nullable}
        for values in given:
            connection.execute(insert(table).values({**usual, **values}))
    connection.commit()


def tables(url: str) -> set[str]:
    """The names of a database's tables."""
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that leaves nothing open."""
    engine = moving.engine_for(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
