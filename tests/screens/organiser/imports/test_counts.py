"""Pages ask the database as often for one row as for thirty."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.bed.databases import statements
from tests.screens.organiser.imports.conftest import HOME, Upload, sheet

pytestmark = pytest.mark.one_database


def asked(app: Flask, browser: FlaskClient, address: str) -> int:
    """Return how many statements a page takes."""
    with statements(app) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def talks(count: int, *, end: str = "14:00") -> bytes:
    """Return a spreadsheet of so many talks."""
    return sheet(*(f"Talk {n},Series {n},02/02/2027 13:00,02/02/2027 {end}" for n in range(count)))


def test_list_of_imports(app: Flask, omar: FlaskClient, upload: Upload) -> None:
    upload(talks(1))
    few = asked(app, omar, HOME)
    for number in range(29):
        upload(talks(1), f"talks-{number}.csv")
    assert asked(app, omar, HOME) == few


def test_preview_of_new_and_changed_rows(app: Flask, omar: FlaskClient, upload: Upload) -> None:
    new = {count: asked(app, omar, upload(talks(count)).location) for count in (1, 30)}
    assert new[1] == new[30]
    omar.post(f"{upload(talks(30)).location}/confirmation", data={"publish": "yes"})
    changed = {count: asked(app, omar, upload(talks(count, end="15:00")).location) for count in (1, 30)}
    assert changed[1] == changed[30]
