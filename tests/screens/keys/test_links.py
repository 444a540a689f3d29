"""The page of a link whose person holds the key no more: it says so kindly, and nothing of whoever applied."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import delegate, make_link
from programme.engines.approvals.states import KeyState
from programme.engines.registration.models import Opening
from programme.people.models import RoleGrant
from tests.bed.clock import Clock
from tests.factories.cast import Cast
from tests.screens.keys.test_keys import As, key_of, people, school, signed_in

__all__ = ["people", "school", "signed_in"]


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
