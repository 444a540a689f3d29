"""Links that turn a key: whose person holds it no more is told so kindly, and nobody reads one in the mail log."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import delegate, make_link
from programme.engines.approvals.states import KeyState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Opening
from programme.flows.deciding.keys import delegate_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.people.identity import actor_of
from programme.people.models import RoleGrant
from programme.scheduler import run_due
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.factories.cast import Cast
from tests.screens.keys.test_keys import As, key_of, people, school, signed_in

__all__ = ["people", "school", "signed_in"]
LINK = re.compile(r"/keys/([\w-]{18,})")


def text_of(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def test_a_link_after_the_role_ended_says_so_and_nothing_of_whoever_applied(
    session: Session, people: Cast, school: Opening, signed_in: As, clock: Clock
) -> None:
    token = make_link(session, key_of(session, people.oxford.id).id, people.omar.id, now=clock.now)
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == people.omar.id))
    people.oxford.contact_address = "exchange@oxford.example.ac.uk"
    session.commit()
    guest = signed_in(None)
    page = text_of(guest, f"/keys/{token}")
    assert "You do not decide about this any more" in page
    assert "exchange@oxford.example.ac.uk" in page, "whom to turn to"
    for told in ("Charlie", school.title):
        assert told not in page, told
    answer = guest.post(f"/keys/{token}/decision", data={"says": "yes"}, follow_redirects=True)
    assert "this link turns no key" in answer.get_data(as_text=True)
    assert "Charlie" not in guest.post(f"/keys/{token}/decision", data={}).get_data(as_text=True)
    assert key_of(session, people.oxford.id).state is KeyState.WAITING


@pytest.mark.one_database
def test_whoever_a_key_was_given_to_needs_no_role(
    session: Session, people: Cast, school: Opening, signed_in: As, clock: Clock
) -> None:
    key_id = key_of(session, people.oxford.id).id
    delegate(session, key_id, people.bob.id, now=clock.now)
    token = make_link(session, key_id, people.bob.id, now=clock.now)
    session.commit()
    assert "Charlie Chalkwell" in text_of(signed_in(None), f"/keys/{token}")


@pytest.mark.one_database
def test_whoever_looks_after_letters_cannot_turn_a_key_in_another_s_name(
    app: Flask, session: Session, people: Cast, school: Opening, signed_in: As, clock: Clock, capture: Capture
) -> None:
    key_id = key_of(session, people.oxford.id).id
    doer, to = actor_of(people.omar), {"name": people.bob.name, "address": people.bob.address}
    delegate_key(session, key_id, **to, subjects=SUBJECTS, actor=doer, now=clock.now)
    session.commit()
    run_due(app, clock.now)
    session.rollback()
    plain = capture.to(people.bob.address)[-1].get_body(("plain",))
    assert plain is not None
    [token] = LINK.findall(plain.get_content())
    letter = session.scalars(select(OutboxMessage).where(OutboxMessage.person_id == people.bob.id)).one()
    assert letter.state is OutboxState.SENT
    omar = signed_in(people.omar)
    page, frame = (text_of(omar, f"/organise/mail/{letter.id}{tail}") for tail in ("", "/html"))
    assert "/keys/hidden" in page
    assert token not in page + frame
