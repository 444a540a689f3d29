"""A backup holds the pictures of events: their bytes, and what is said of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.documents.shelf import Shelf
from programme.people.models import Organisation
from tests.commands.machines import Machine
from tests.factories import things
from tests.factories.pictures import fetched, show


@pytest.mark.one_database
@pytest.mark.parametrize(("here", "there"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_backup_holds_pictures_and_a_restored_installation_shows_them(
    machine: Callable[[str], Machine], tmp_path: Path, *, here: str, there: str
) -> None:
    old, new, file = machine(here), machine(there), tmp_path / "all.zip"
    assert old.type("init").exit_code == 0
    with Session(old.engine) as session:
        oxford = session.scalars(select(Organisation).where(Organisation.slug == "oxford")).one()
        row = things.event(session, lead=oxford)
        shown = show(session, row, Shelf(old.store))
        address = f"/pictures/{row.id}/{shown.picture.digest[:20]}-800.jpg"
        session.commit()
    assert old.type("backup", str(file)).exit_code == 0
    assert new.type("restore", str(file)).exit_code == 0
    client = new.app().test_client()
    answer = fetched(client, address)
    assert answer.status_code == 200
    assert answer.data == fetched(old.app().test_client(), address).data
    assert f"localhost{address}" in client.get("/calendar.ics").text.replace("\r\n ", "")
