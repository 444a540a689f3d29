"""Every test has a database of its own, of each kind, as a real server or file would be."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from tests.bed.databases import Databases


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
