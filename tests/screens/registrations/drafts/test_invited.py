"""A draft begun by an invitation shows that its address is read, to whoever keeps to that address alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from programme.engines.registration.eligibility.links import token_of
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening
from programme.engines.registration.states import Eligibility, InvitationState
from tests.factories.cast import LONG_AGO, cookie_for
from tests.screens.registrations.conftest import letters, registrations
from tests.screens.registrations.drafts.conftest import drafts, save
from tests.screens.registrations.drafts.test_sending import whole

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question
    from programme.engines.registration.models import Registration
    from tests.factories.cast import Cast

IVY = "ivy@invited.example.org"


@dataclass(frozen=True)
class Ivy:
    """Ivy, who is invited, and the form she is invited to."""

    app: Flask
    session: Session
    opening: Opening
    asked: list[Question]
    invitation: Invitation

    def begun(self, *, email: str = IVY, by_link: bool = True) -> str:
        """The address of a draft that is begun, by the link of the invitation or without it."""
        token = token_of(self.app.extensions["links"], self.invitation.id, version=self.invitation.link_version)
        address = f"/openings/{self.opening.id}/drafts" + (f"?invitation={token}" if by_link else "")
        answer = self.app.test_client().post(address, data={"email": email, f"q{self.asked[0].id}": "Tides"})
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def sent(self, here: str, *, browser: FlaskClient | None = None, email: str = IVY, revision: int = 1) -> None:
        """Send a draft, by its link alone."""
        data = whole(self.asked, email=email, name="Ivy Invited", revision=str(revision))
        answer = (browser or self.app.test_client()).post(f"{here}/registration", data=data)
        assert answer.status_code == 303, answer.text

    @property
    def registration(self) -> Registration:
        """What it came to."""
        (row,) = registrations(self.session)
        return row


@pytest.fixture
def ivy(app: Flask, session: Session, opening: Opening, asked: list[Question]) -> Ivy:
    """Ivy is invited to what is for the invited alone."""
    row = session.get_one(Opening, opening.id)
    row.eligibility = Eligibility.INVITED
    invited = Invitation(
        opening_id=row.id, address=IVY, address_key=IVY, name="Ivy", link_version=1, invited_at=LONG_AGO
    )
    session.add(invited)
    session.commit()
    return Ivy(app, session, row, asked, invited)


def test_whoever_was_invited_need_not_confirm_the_address_again(ivy: Ivy) -> None:
    here = ivy.begun()
    assert "You are invited." in ivy.app.test_client().get(here).text
    save(ivy.app.test_client(), here, revision=1, email=IVY.title())
    ivy.sent(here, revision=2)
    assert ivy.registration.prove_by is None
    assert ("registration_confirmed", IVY) in letters(ivy.session)
    assert ivy.session.get_one(Invitation, ivy.invitation.id).state is InvitationState.ANSWERED


def test_whoever_types_the_address_without_the_invitation_has_to_confirm_it(ivy: Ivy) -> None:
    ivy.sent(ivy.begun(by_link=False))
    assert ivy.registration.prove_by is not None


def test_a_draft_whose_address_was_another_in_between_shows_nothing(ivy: Ivy) -> None:
    here = ivy.begun()
    eve = ivy.app.test_client()
    save(eve, here, revision=1, email="eve@example.org")
    save(eve, here, revision=2, email=IVY)
    ivy.sent(here, browser=eve, revision=3)
    assert ivy.registration.prove_by is not None


def test_whoever_opens_it_under_another_address_gains_nothing(ivy: Ivy, people: Cast) -> None:
    here, bob = ivy.begun(), ivy.app.test_client()
    bob.set_cookie("programme_session", cookie_for(ivy.session, people.bob))
    ivy.session.commit()
    ivy.sent(here, browser=bob)
    assert ivy.registration.prove_by is not None


def test_sent_under_another_address_it_is_as_if_there_were_no_invitation(ivy: Ivy, people: Cast) -> None:
    for here in (ivy.begun(), ivy.begun(email=people.bob.address)):
        ivy.sent(here, email=people.bob.address)
    assert registrations(ivy.session) == []
    assert [letter for letter, to in letters(ivy.session) if to == people.bob.address][-1] == "address_not_listed"
    assert all("invitation" not in row.texts for row in drafts(ivy.session))


def test_an_invitation_that_was_taken_back_shows_nothing_any_more(ivy: Ivy) -> None:
    here = ivy.begun()
    ivy.session.get_one(Invitation, ivy.invitation.id).state = InvitationState.REVOKED
    ivy.session.commit()
    data = whole(ivy.asked, email=IVY, revision="1")
    answer = ivy.app.test_client().post(f"{here}/registration", data=data)
    assert (answer.status_code, "have taken this invitation back" in answer.text) == (422, True)
    assert registrations(ivy.session) == []
