"""The page behind a link to sign: opening it changes nothing, and one that has ended says so kindly."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.models import Signature, Supervision
from programme.strands.cohorts.signing.actions import start_again
from programme.strands.cohorts.signing.links import SignatureLinks
from programme.strands.cohorts.states import SignatureState
from tests.bed.clock import Clock
from tests.factories.cast import Cast
from tests.strands.cohorts.signing.conftest import As


@pytest.fixture
def here(app: Flask, signature: Signature) -> str:
    """The address that Bob was sent."""
    links: SignatureLinks = app.extensions["signature_links"]
    return links.path(signature)


def state_of(session: Session, signature: Signature) -> SignatureState:
    session.rollback()
    session.refresh(signature)
    return signature.state


def test_looking_changes_nothing_and_the_button_signs(
    session: Session, signature: Signature, here: str, signed_in: As
) -> None:
    guest = signed_in(None)
    page, again = (guest.get(here).get_data(as_text=True) for _ in range(2))
    assert page == again
    assert guest.head(here).status_code == 200
    for told in ("Joint supervision agreement", "Alice Aldgrove", "Tides", "Bob Birchfield, University of Oxford"):
        assert told in page, told
    assert state_of(session, signature) is SignatureState.ASKED
    assert guest.get(f"{here}/agreement").status_code == 405
    assert "Thank you: you have signed" in guest.post(f"{here}/agreement", follow_redirects=True).text
    assert state_of(session, signature) is SignatureState.AGREED
    assert "You had signed already" in guest.post(f"{here}/agreement", follow_redirects=True).text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "signed")).one()
    assert entry.person_id == signature.person_id, "it counts as the act of whoever the link is for"


def test_a_refusal_without_a_reason_shows_the_form_again(
    session: Session, signature: Signature, here: str, signed_in: As
) -> None:
    guest = signed_in(None)
    again = guest.post(f"{here}/refusal", data={"reason": " "})
    assert again.status_code == 422
    assert "Say why you refuse" in again.text
    long = guest.post(f"{here}/refusal", data={"reason": "x" * 2_001})
    assert long.status_code == 422
    assert "x" * 2_001 in long.text, "nothing typed is lost"
    page = guest.post(f"{here}/refusal", data={"reason": "Ask <b>Olga</b>."}, follow_redirects=True).text
    assert "Ask &lt;b&gt;Olga&lt;/b&gt;." in page
    assert state_of(session, signature) is SignatureState.REFUSED
    assert "you have signed" in guest.post(f"{here}/agreement", follow_redirects=True).text


def test_an_ended_link_is_410_with_a_way_on_and_an_invented_one_404(
    session: Session, people: Cast, signature: Signature, here: str, to_bob: dict[str, Any], signed_in: As, clock: Clock
) -> None:
    people.liverpool.contact_address = "doctoral@liverpool.example.ac.uk"
    start_again(session, to_bob["subject"], now=clock.now)
    session.commit()
    for client in (signed_in(None), signed_in(people.bob)):
        for answer in (client.get(here), client.post(f"{here}/agreement"), client.post(f"{here}/refusal", data={})):
            assert answer.status_code == 410
            assert "doctoral@liverpool.example.ac.uk" in answer.text
            assert "Alice" not in answer.text
        for invented in (f"/signatures/{signature.id}-{'x' * 32}", "/signatures/nothing", f"/signatures/{10**30}-x"):
            assert client.get(invented).status_code == 404
            assert client.post(f"{invented}/agreement").status_code == 404


def test_a_supervisor_who_left_sees_nothing_by_the_link_any_more(
    session: Session, supervision: Supervision, signature: Signature, here: str, signed_in: As, clock: Clock
) -> None:
    supervision.ends_on = london_day(clock.now) - timedelta(days=1)
    session.commit()
    answer = signed_in(None).get(here)
    assert answer.status_code == 410
    assert "Alice" not in answer.text
    assert signed_in(None).post(f"{here}/refusal", data={"reason": "Gone."}).status_code == 410
    told = signed_in(None).post(f"{here}/agreement", follow_redirects=True)
    assert told.status_code == 410
    assert state_of(session, signature) is SignatureState.ASKED


def test_a_link_works_for_somebody_signed_in_as_well(
    session: Session, people: Cast, signature: Signature, here: str, signed_in: As
) -> None:
    bob = signed_in(people.bob)
    assert bob.get(here).status_code == 200
    bob.post(f"{here}/agreement")
    assert state_of(session, signature) is SignatureState.AGREED


@pytest.mark.one_database
def test_links_of_another_purpose_or_installation_do_not_open(signature: Signature) -> None:
    ours, theirs = SignatureLinks("a" * 32, "https://a.example"), SignatureLinks("b" * 32, "https://a.example")
    signature.link_version = 3
    token = ours.token(signature)
    assert ours.opens(token, signature)
    assert not theirs.opens(token, signature)
    assert not ours.opens(ours.token_of(signature.id + 1, version=3), signature)
    assert not ours.once_opened(token, signature)
    signature.link_version = 4
    assert not ours.opens(token, signature)
    assert ours.once_opened(token, signature)
    signature.link_version = 100
    assert not ours.once_opened(token, signature)
