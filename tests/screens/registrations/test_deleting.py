"""A guest deletes what is held on them by the link in their letter; the link reaches no further."""

from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Registration
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import Cast, cookie_for
from tests.screens.registrations.conftest import Send, letters, page_of, registrations


def test_guest_sees_what_goes_and_is_gone_after_the_button(
    app: Flask, client: FlaskClient, session: Session, opening: Opening, send: Send
) -> None:
    send(opening)
    here = page_of(app, registrations(session)[0])
    assert "Delete what you hold on me" in client.get(here).text
    page = unescape(client.get(f"{here}/erasure").text)
    assert "Everything under gwen@example.org." in page
    assert "is cancelled by it" in page
    answer = client.post(f"{here}/erasure", follow_redirects=True)
    assert "Everything we held on you is deleted." in answer.text
    row = registrations(session)[0]
    assert (row.name, row.address, row.person_id) == ("Name deleted", "", None)
    assert session.scalars(select(Person).where(Person.address_key == "gwen@example.org")).all() == []
    assert letters(session) == [("data_deleted", "gwen@example.org")]


def test_link_opens_nothing_afterwards(
    app: Flask, client: FlaskClient, session: Session, opening: Opening, send: Send
) -> None:
    send(opening)
    here = page_of(app, registrations(session)[0])
    client.post(f"{here}/erasure")
    assert [client.get(here).status_code, client.get(f"{here}/erasure").status_code] == [404, 404]
    assert client.post(f"{here}/erasure").status_code == 404


def test_looking_deletes_nothing(
    app: Flask, client: FlaskClient, session: Session, opening: Opening, send: Send
) -> None:
    send(opening)
    client.get(f"{page_of(app, registrations(session)[0])}/erasure")
    assert registrations(session)[0].name == "Gwen Guest"


def test_link_of_one_registration_leaves_the_others(
    app: Flask, client: FlaskClient, session: Session, people: Cast, opening: Opening, send: Send
) -> None:
    other = things.opening(session, events=[things.event(session, lead=people.oxford, title="Another talk")])
    session.commit()
    send(opening)
    send(other)
    here = page_of(app, registrations(session)[0])
    assert "sign in with the address" in client.get(f"{here}/erasure").text
    answer = client.post(f"{here}/erasure", follow_redirects=True)
    assert "What this registration held on you is deleted." in answer.text
    assert [row.name for row in registrations(session)] == ["Name deleted", "Gwen Guest"]
    client.post(f"{page_of(app, registrations(session)[1])}/erasure")
    session.rollback()
    assert session.scalars(select(Person).where(Person.address_key == "gwen@example.org")).all() == []


def test_link_cannot_delete_an_account(
    app: Flask, client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    people.alice.signed_in_at = people.alice.created_at
    row = things.registration(session, to=opening, who=people.alice)
    session.commit()
    client.post(f"{page_of(app, row)}/erasure")
    session.rollback()
    assert session.get_one(Person, people.alice.id).name == "Alice Aldgrove"
    assert registrations(session)[0].person_id is None


def test_place_given_back_goes_to_the_next(
    app: Flask, client: FlaskClient, session: Session, opening: Opening, send: Send
) -> None:
    opening.capacity = 1
    session.commit()
    send(opening)
    send(opening, name="Harry", email="harry@example.org")
    client.post(f"{page_of(app, registrations(session)[0])}/erasure")
    assert [row.state.value for row in registrations(session)] == ["cancelled", "confirmed"]
    assert ("registration_promoted", "harry@example.org") in letters(session)


def test_organisers_see_a_nameless_registration_and_can_do_nothing_with_it(
    app: Flask, client: FlaskClient, session: Session, people: Cast, opening: Opening, send: Send
) -> None:
    send(opening)
    row: Registration = registrations(session)[0]
    client.post(f"{page_of(app, row)}/erasure")
    session.rollback()
    omar = app.test_client()
    omar.set_cookie("programme_session", cookie_for(session, people.omar))
    assert "Name deleted" in omar.get(f"/organise/openings/{opening.id}?state=cancelled").text
    page = unescape(omar.get(f"/organise/registrations/{row.id}").text)
    assert "What is left counts, and names nobody." in page
    assert "Write" not in page.split("<main")[1].split("History")[0]
    assert "Somebody whose data are deleted" in page
