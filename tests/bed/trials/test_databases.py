"""Every test has a database of its own, of each kind, as a real server or file would be."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from programme.core.database import prepare_engine
from tests.bed.databases import Databases
from tests.bed.servers.sqlite import Files


@pytest.mark.parametrize("round_", [1, 2])
def test_each_database_begins_without_what_the_last_test_left(empty_database_url: str, round_: int) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id INTEGER PRIMARY KEY)"))
    engine.dispose()


def test_database_is_of_the_kind_it_says(empty_database_url: str, database_kind: str) -> None:
    engine = create_engine(empty_database_url)
    assert engine.dialect.name == database_kind
    engine.dispose()


@pytest.mark.one_database
def test_one_database_is_sqlite(database_kind: str) -> None:
    assert database_kind == "sqlite"


@pytest.mark.one_database("postgresql")
def test_one_database_may_be_named(database_kind: str) -> None:
    assert database_kind == "postgresql"


@pytest.mark.one_database("postgresql")
@pytest.mark.parametrize("amount", [1, 20_000])
def test_next_test_finds_no_row_and_counters_at_their_beginning(databases: Databases, amount: int) -> None:
    found = []
    for _ in range(3):
        with databases.migrated() as url:
            engine = create_engine(url)
            with engine.begin() as connection:
                adding = text(
                    "INSERT INTO questionnaire (version, created_at) SELECT 1, now() FROM generate_series(1, :n)"
                )
                connection.execute(adding, {"n": amount})
                numbers = text("SELECT min(id), count(*) FROM questionnaire")
                found.append(tuple(connection.execute(numbers).one()))
            with pytest.raises(IntegrityError), engine.begin() as connection:
                connection.execute(
                    text("INSERT INTO installation (uid_host) VALUES ('refused, and yet it had a number')")
                )
            engine.dispose()
    assert found == [(1, amount)] * 3
    with databases.migrated() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            assert connection.scalar(text("SELECT count(last_value) FROM pg_sequences")) == 0
        engine.dispose()


@pytest.mark.one_database
def test_next_test_finds_a_file_of_sqlite_without_a_row_and_ids_at_their_beginning(
    databases: Databases, sqlite_files: Files
) -> None:
    seen = set()
    for _ in range(3):
        with databases.migrated() as url:
            engine = served(sqlite_files, url)
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO questionnaire (version, created_at) VALUES (1, '2027-01-12')"))
                assert connection.execute(text("SELECT min(id), count(*) FROM questionnaire")).one() == (1, 1)
                assert connection.scalar(text("PRAGMA foreign_keys")) == 1
                seen.add(id(connection.connection.dbapi_connection))
            with sqlite_files.laying_aside(engine):
                engine.dispose()
    assert len(seen) == 1, "the connection stays open"


@pytest.mark.one_database
@pytest.mark.parametrize(
    "change", ["DROP TABLE questionnaire", "CREATE TABLE left_behind (id INTEGER)", "DROP TRIGGER {trigger}"]
)
def test_file_of_sqlite_whose_tables_changed_serves_no_more(
    databases: Databases, sqlite_files: Files, change: str
) -> None:
    with databases.migrated() as url:
        engine = served(sqlite_files, url)
        with engine.begin() as connection:
            trigger = connection.scalar(text("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1"))
            connection.execute(text(change.format(trigger=trigger)))
        engine.dispose()
    with databases.migrated() as another:
        assert another != url
        assert not Path(url.removeprefix("sqlite:///")).exists()


@pytest.mark.one_database
def test_file_of_sqlite_in_which_somebody_is_still_writing_serves_no_more(
    databases: Databases, sqlite_files: Files
) -> None:
    with databases.migrated() as url:
        engine = served(sqlite_files, url)
        writing = engine.connect()
        writing.execute(text("INSERT INTO questionnaire (version, created_at) VALUES (1, '2027-01-12')"))
    with databases.migrated() as another:
        assert another != url
    writing.close()
    engine.dispose()


def served(files: Files, url: str) -> Engine:
    """Return an engine that has connections as those of the tests' applications have them."""
    engine = create_engine(url)
    prepare_engine(engine)
    files.serve(engine)
    return engine
