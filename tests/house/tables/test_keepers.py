"""Every table that names people belongs to exactly one room that can tell, erase and retire what it holds."""

import re
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Table

from programme.tables import METADATA

NAMES_SOMEBODY = re.compile(r"(^|_)person_id$|_by_id$|(^|_)(address|recipient|reply_to)(_key)?$")
NOT_PEOPLE = {
    "organisation": "the shared mailboxes of an organisation",
    "venue": "the postal address of a place",
}
"""Tables with such a column that names nobody, and what it holds."""


@pytest.mark.one_database
def test_every_table_that_names_people_has_exactly_one_keeper(app: Flask) -> None:
    kept = Counter(name for keeper in app.extensions["keepers"] for name in keeper.tables)
    personal = {table.name for table in METADATA.sorted_tables if names_somebody(table)} - set(NOT_PEOPLE)
    assert sorted(personal - set(kept)) == [], "say in which Keeper's tables it is, and let that one tell and erase it"
    assert {name: number for name, number in kept.items() if number > 1} == {}


@pytest.mark.one_database
def test_keepers_answer_for_tables_that_there_are(app: Flask) -> None:
    kept = {name for keeper in app.extensions["keepers"] for name in keeper.tables}
    assert kept <= set(METADATA.tables)
    assert set(NOT_PEOPLE) <= set(METADATA.tables)


@pytest.mark.one_database
def test_what_hangs_on_a_person_by_another_table_is_kept_too(app: Flask) -> None:
    kept = {name for keeper in app.extensions["keepers"] for name in keeper.tables}
    children = {
        table.name
        for table in METADATA.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in {"registration", "answer_sheet", "outbox_message"}
    }
    assert children - kept == set()


def names_somebody(table: Table) -> bool:
    """Whether a column points to a person, or is called as if it held an e-mail address."""
    points = any(key.column.table.name == "person" for key in table.foreign_keys)
    return table.name == "person" or points or any(NAMES_SOMEBODY.search(column.name) for column in table.columns)
