"""Nobody imports for, or looks into, what they do not organise."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event, ImportFile
from programme.people.models import Role
from programme.people.states import Strand
from tests.factories.cast import Cast, grant, person
from tests.screens.organiser.imports.conftest import HOME, Browse, Upload


@pytest.fixture
def address(upload: Upload) -> str:
    """Where Omar's file waits."""
    return str(upload().location)


def test_other_universitys_organiser_is_refused_everywhere(
    session: Session, cast: Cast, browse: Browse, address: str
) -> None:
    olga = browse(cast.olga)
    assert address not in olga.get(HOME).text
    assert olga.get(address).status_code == 403
    assert olga.get(f"{address}/odd-rows.csv").status_code == 403
    for verb in ("confirmation", "removal"):
        assert olga.post(f"{address}/{verb}", data={"publish": "yes"}).status_code == 403
    assert session.scalar(select(func.count()).select_from(Event)) == 0
    assert session.scalar(select(func.count()).select_from(ImportFile)) == 1


def test_people_who_organise_nothing_are_refused(client: FlaskClient, cast: Cast, browse: Browse, address: str) -> None:
    assert client.get(HOME).location.startswith("/sign-in")
    assert client.get(address).location.startswith("/sign-in")
    alice = browse(cast.alice)
    assert alice.get(HOME).status_code == 403
    assert alice.post(HOME).status_code == 403
    assert alice.get(address).status_code == 403
    assert alice.post(f"{address}/confirmation").status_code == 403


def test_administrator_does_not_import(cast: Cast, browse: Browse, address: str, upload: Upload) -> None:
    ada = browse(cast.ada)
    assert "Only organisers" in ada.get(HOME).text
    assert ada.get(address).status_code == 403
    assert upload(by=ada).status_code == 422


def test_file_for_the_other_university_is_refused(session: Session, cast: Cast, upload: Upload) -> None:
    answer = upload(organisation=cast.liverpool.id)
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text
    assert session.scalar(select(func.count()).select_from(ImportFile)) == 0


def test_organiser_of_one_strand_imports_into_that_alone(
    session: Session, cast: Cast, browse: Browse, upload: Upload
) -> None:
    somebody = person(session, "Nora Northgate", "nora@oxford.example.ac.uk", member_of=cast.oxford)
    grant(session, somebody, Role.ORGANISER, organisation=cast.oxford, strand=Strand.PLACEMENTS)
    nora = browse(somebody)
    refused = upload(by=nora, strand="exchange")
    assert refused.status_code == 422
    assert "You do not organise this strand there." in refused.text
    assert upload(by=nora, strand="placements").status_code == 303
    omars = upload(strand="exchange").location
    assert nora.get(omars).status_code == 403
    assert omars not in nora.get(HOME).text


def test_unknown_imports_are_not_there(omar: FlaskClient) -> None:
    for number in (4711, 2**63):
        assert omar.get(f"{HOME}/{number}").status_code == 404
        assert omar.post(f"{HOME}/{number}/confirmation").status_code == 404
