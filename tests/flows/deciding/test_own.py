"""Whom a decision is about turns none of its keys, is asked for none, and reads nothing that stands on them."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.approvals.actions import Turn, make_link
from programme.engines.registration.models import Opening, Registration
from programme.flows.deciding.keys import delegate_key, turn_key, turn_own_keys
from programme.flows.deciding.registrations import SUBJECTS
from programme.people.identity import actor_of
from tests.factories import cast
from tests.factories.browsers import signed_in
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for
from tests.flows.deciding.conftest import YES, key_of, letters

TURNED = Turn(says=YES, person_id=None)


@pytest.fixture
def own(session: Session, people: Cast, opening: Opening, enter: Enter) -> Registration:
    """Olga of Liverpool, who registered where both universities decide; Lena organises there as well."""
    cast.organiser(session, "Lena Larkhill", "lena@liverpool.example.ac.uk", people.liverpool)
    session.commit()
    return enter(opening, people.olga.address, actor=actor_for(people.olga)).registration


def test_no_key_is_turned_by_whom_it_is_about(session: Session, people: Cast, own: Registration) -> None:
    key, olga = key_of(session, own, people.liverpool.id), actor_of(people.olga)
    for press in (
        lambda: turn_key(session, key.id, TURNED, subjects=SUBJECTS, actor=olga, now=NOW),
        lambda: turn_own_keys(session, ("registration", own.id), TURNED, subjects=SUBJECTS, actor=olga, now=NOW),
        lambda: delegate_key(
            session, key.id, name="P", address="p@example.org", subjects=SUBJECTS, actor=olga, now=NOW
        ),
    ):
        with pytest.raises(Refusal, match="about you"):
            press()
        session.rollback()
    assert key_of(session, own, people.liverpool.id).state.value == "waiting"


def test_nor_is_it_given_to_them(session: Session, people: Cast, own: Registration) -> None:
    key, omar = key_of(session, own, people.oxford.id), actor_of(people.omar)
    to = {"name": people.olga.name, "address": people.olga.address}
    with pytest.raises(Refusal, match="Give the key to somebody else"):
        delegate_key(session, key.id, **to, subjects=SUBJECTS, actor=omar, now=NOW)


def test_colleagues_are_asked_and_they_are_not(session: Session, people: Cast, own: Registration) -> None:
    asked = {address for kind, address in letters(session) if kind == "key_asked"}
    assert asked == {"lena@liverpool.example.ac.uk", people.omar.address}


def test_their_own_key_is_nowhere_for_them_and_their_registration_is_their_own_page_alone(
    app: Flask, session: Session, people: Cast, own: Registration
) -> None:
    key = key_of(session, own, people.liverpool.id)
    token = make_link(session, key.id, people.olga.id, now=NOW)
    session.commit()
    olga, omar = signed_in(app, session, people.olga), signed_in(app, session, people.omar)
    assert olga.get(f"/organise/keys/{key.id}").status_code == 404
    assert olga.get(f"/organise/registrations/{own.id}").status_code == 404
    assert omar.get(f"/organise/registrations/{own.id}").status_code == 200
    assert own.name not in olga.get("/organise/keys").text.split("<main")[1]
    assert "wait for you" not in olga.get("/organise").text
    assert own.name in omar.get("/organise/keys").text.split("<main")[1]
    page = app.test_client().get(f"/keys/{token}").text
    assert "Somebody else decides about this" in page
    answer = app.test_client().post(f"/keys/{token}/decision", data={"says": "yes"}, follow_redirects=True)
    assert "This decision is about you" in answer.text
