"""An invitation taken back while it is used: it is one of both, and never a place by what was revoked."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.eligibility import invitations
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.roll.pasted import Pasted
from programme.engines.registration.states import Eligibility, InvitationState
from programme.extensions import db
from programme.flows.inviting.inviting import invite_people
from programme.flows.registering import SignUp, sign_up
from programme.people.permissions import NOBODY
from tests.engines.registration.rush import AT_ONCE, all_at_once
from tests.flows.conftest import NOW

ANNA = "anna@example.org"


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.mark.parametrize("first", ["used", "revoked"])
def test_revoked_while_it_is_used_it_is_one_of_both(
    engine: Engine, session: Session, opening: Opening, first: str
) -> None:
    opening.eligibility, opening.capacity = Eligibility.INVITED, 20
    session.commit()
    opening_id = opening.id
    row_id = invite_people(session, opening_id, [Pasted(1, "Anna", ANNA)], actor=NOBODY, now=NOW)[0].id
    session.commit()
    revoked: list[int] = []

    def use(own: Session) -> None:
        sent = SignUp(name="A", address=ANNA, organisation_id=None, answers={}, form_key="k", invitation_id=row_id)
        sign_up(own, opening_id, sent, actor=NOBODY, now=NOW)

    def revoke(own: Session) -> None:
        revoked.append(invitations.revoke(own, opening_id, [row_id], actor=NOBODY, now=NOW))

    def does(verb: Callable[[Session], None]) -> None:
        with Session(engine) as own:
            begin_writing(own)
            try:
                verb(own)
                own.commit()
            except Refusal:
                own.rollback()

    verbs = [use, revoke] if first == "used" else [revoke, use]
    all_at_once(lambda verb=verb: does(verb) for verb in verbs * (AT_ONCE // 2))  # type: ignore[misc]
    session.rollback()
    session.expire_all()
    state = session.get_one(Invitation, row_id).state
    places = len(session.scalars(select(Registration)).all())
    assert (state, places, sum(revoked)) in {
        (InvitationState.ANSWERED, 1, 0),
        (InvitationState.REVOKED, 0, 1),
    }
