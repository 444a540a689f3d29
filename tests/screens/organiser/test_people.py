"""People with roles: seen, given, taken back and handed over, each side for itself."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.people.models import Person, Role, RoleGrant
from tests.bed.databases import statements
from tests.factories.cast import Cast, assemble, cookie_for, grant, person
from tests.factories.things import event

Browse = Callable[[Person], FlaskClient]


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast."""
    return assemble(session)


@pytest.fixture
def browse(app: Flask, session: Session) -> Browse:
    """Open a browser signed in as somebody."""

    def opened(who: Person) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, who))
        return client

    return opened


def test_pages_are_for_organisers(client: FlaskClient, cast: Cast, browse: Browse) -> None:
    assert client.get("/organise/people").location == "/sign-in?next=/organise/people"
    assert browse(cast.alice).get("/organise/people").status_code == 403


def test_each_side_sees_its_own_people(cast: Cast, browse: Browse) -> None:
    olgas, omars, adas = (browse(who).get("/organise/people").text for who in (cast.olga, cast.omar, cast.ada))
    assert cast.olga.address in olgas
    assert cast.omar.address not in olgas
    assert cast.omar.address in omars
    assert cast.olga.address not in omars
    assert all(who.address in adas for who in (cast.olga, cast.omar, cast.ada))


def test_person_of_the_other_side_is_not_there(cast: Cast, browse: Browse) -> None:
    omar = browse(cast.omar)
    assert omar.get(f"/organise/people/{cast.olga.id}").status_code == 404
    assert omar.get(f"/organise/people/{cast.alice.id}").status_code == 404
    assert omar.get("/organise/people/9223372036854775808").status_code == 404


def test_roles_for_the_other_side_are_not_shown(session: Session, cast: Cast, browse: Browse) -> None:
    grant(session, cast.olga, Role.PARTNER, organisation=cast.oxford)
    session.commit()
    page = browse(cast.olga).get(f"/organise/people/{cast.olga.id}").text
    assert "Organiser" in page
    assert "Partner" not in page


def test_search_finds_by_a_part_of_name_or_address(cast: Cast, browse: Browse) -> None:
    ada = browse(cast.ada)
    assert cast.omar.address in ada.get("/organise/people?q=OTTER").text
    assert cast.olga.address not in ada.get("/organise/people?q=OTTER").text
    assert cast.olga.address in ada.get("/organise/people?q=olga@").text
    assert "Nobody is called that" in ada.get("/organise/people?q=%25").text
    assert "Nobody is called that" in ada.get("/organise/people?q=nobody").text


def test_list_keeps_its_query_count(app: Flask, session: Session, cast: Cast, browse: Browse) -> None:
    ada = browse(cast.ada)
    few = count(app, ada, "/organise/people")
    for number in range(30):
        one = person(session, f"Person {number}", f"p{number}@liverpool.example.ac.uk")
        grant(session, one, Role.ORGANISER, organisation=cast.liverpool)
    session.commit()
    assert count(app, ada, "/organise/people") == few


def test_organiser_gives_a_role_and_the_person_is_told(session: Session, cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    typed = {"address": "new@liverpool.example.ac.uk", "name": "Nora Newly", "role": "organiser"}
    answer = olga.post("/organise/people/grants", data=typed | {"organisation": "liverpool", "strand": "cohorts"})
    made = session.scalars(select(Person).where(Person.name == "Nora Newly")).one()
    assert (answer.status_code, answer.location) == (303, f"/organise/people/{made.id}")
    assert "Nora Newly is told by e-mail" in olga.get(answer.location).text
    letters = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "role_granted")).all()
    assert [letter.recipient for letter in letters] == ["new@liverpool.example.ac.uk"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"organisation": "oxford", "role": "organiser"}, "Not a valid choice"),
        ({"organisation": "liverpool", "role": "administrator"}, "Not a valid choice"),
        ({"organisation": "liverpool", "role": "helper"}, "say which"),
        ({"organisation": "liverpool", "role": "helper", "helps_with": "/events/x-999"}, "Paste the address"),
        ({"organisation": "liverpool", "role": ""}, "Choose a role"),
        ({}, "Choose a role"),
    ],
)
def test_organiser_cannot_give_more(
    session: Session, cast: Cast, browse: Browse, typed: dict[str, str], says: str
) -> None:
    before = session.scalar(select(func.count()).select_from(RoleGrant))
    session.rollback()
    answer = browse(cast.olga).post(
        "/organise/people/grants", data={"address": "kept@example.org", "strand": "", **typed}
    )
    assert answer.status_code == 422
    assert says in answer.text
    assert "kept@example.org" in answer.text
    assert session.scalar(select(func.count()).select_from(RoleGrant)) == before
    assert session.scalar(select(func.count()).where(Person.address_key == "kept@example.org")) == 0


def test_helper_of_the_other_sides_event_is_refused(session: Session, cast: Cast, browse: Browse) -> None:
    talk = event(session, lead=cast.oxford)
    session.commit()
    typed = {
        "address": "x@example.org",
        "role": "helper",
        "organisation": "liverpool",
        "helps_with": f"/events/t-{talk.id}",
        "strand": "",
    }
    answer = browse(cast.olga).post("/organise/people/grants", data=typed)
    assert (answer.status_code, "led by another organisation" in answer.text) == (422, True)


def test_role_is_taken_back_by_its_own_side_only(session: Session, cast: Cast, browse: Browse) -> None:
    (row,) = cast.omar.grants
    refused = browse(cast.olga).post(f"/organise/people/grants/{row.id}/revocation", follow_redirects=True)
    assert "only within what you organise" in refused.text
    assert session.get(RoleGrant, row.id) is not None
    session.rollback()
    browse(cast.ada).post(f"/organise/people/grants/{row.id}/revocation")
    assert session.scalar(select(RoleGrant).where(RoleGrant.id == row.id)) is None
    again = browse(cast.ada).post(f"/organise/people/grants/{row.id}/revocation", follow_redirects=True)
    assert "taken back already" in again.text


def test_things_are_counted_before_they_change_hands(session: Session, cast: Cast, browse: Browse) -> None:
    talk = event(session, lead=cast.liverpool, contact_address=cast.olga.address)
    grant(session, cast.alice, Role.ORGANISER, organisation=cast.liverpool)
    session.commit()
    address, typed = (
        f"/organise/people/{cast.olga.id}/hand-over",
        {"address": cast.alice.address, "organisation": "liverpool"},
    )
    ada = browse(cast.ada)
    page = ada.get(address, query_string=typed)
    assert "<b>1</b> event" in page.text
    session.refresh(talk)
    assert talk.contact_address == cast.olga.address
    session.rollback()
    answer = ada.post(address, data=typed)
    assert answer.location == f"/organise/people/{cast.alice.id}"
    session.refresh(talk)
    assert talk.contact_address == cast.alice.address


@pytest.mark.parametrize(
    ("successor", "says"),
    [
        ("nobody@example.org", "Give them one first"),
        ("olga@liverpool.example.ac.uk", "Choose somebody else"),
        ("", "Enter"),
    ],
)
def test_successor_must_be_somebody_else_with_a_role(cast: Cast, browse: Browse, successor: str, says: str) -> None:
    answer = browse(cast.olga).get(
        f"/organise/people/{cast.olga.id}/hand-over", query_string={"address": successor, "organisation": "liverpool"}
    )
    assert (answer.status_code, says in answer.text) == (422, True)


def test_other_side_hands_nothing_over(cast: Cast, browse: Browse) -> None:
    typed = {"address": cast.omar.address, "organisation": "liverpool"}
    assert browse(cast.omar).post(f"/organise/people/{cast.olga.id}/hand-over", data=typed).status_code == 404


def count(app: Flask, client: FlaskClient, address: str) -> int:
    """How many queries a page takes."""
    with statements(app) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
