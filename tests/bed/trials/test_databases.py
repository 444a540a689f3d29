"""Every test has a database of its own, of each kind, as a real server or file would be."""

import pytest
from sqlalchemy import create_engine, text


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
