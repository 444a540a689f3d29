"""People are moved to another opening of the same lead: a place there or its waiting list, one letter, nobody lost."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import OpeningState, RegistrationState
from tests.factories import things
from tests.screens.roll.conftest import As, Evening, fresh, letters, text_of


@pytest.fixture
def other(session: Session, evening: Evening) -> Opening:
    """One place at another talk that Liverpool leads."""
    talk = things.event(session, lead=evening.people.liverpool, title="Second evening")
    row = things.opening(session, events=[talk], capacity=1)
    session.commit()
    return row


def there(session: Session, opening: Opening) -> dict[str, str]:
    """Who is on the roll of an opening, and how."""
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(Registration).where(Registration.opening_id == opening.id).order_by(Registration.id))
    return {row.name: row.state.value for row in rows}


def test_places_and_waiting_lists_are_kept_and_everybody_is_told(
    evening: Evening, olga: FlaskClient, session: Session, other: Opening
) -> None:
    shown = text_of(
        olga.get(f"{evening.home}/decision?do=move&id={evening.alice.id}&id={evening.bob.id}", follow_redirects=True)
    )
    assert "Move 2 people" in shown
    assert "Second evening" in shown
    sent = {"id": [evening.alice.id, evening.bob.id], "to": other.id, "reason": "The room is small."}
    said = text_of(olga.post(f"{evening.home}/moves", data=sent, follow_redirects=True))
    assert "2 people are moved to “Second evening” and told. 1 of them waits there." in said
    assert there(session, other) == {"Alice Aldgrove": "confirmed", "Bob Birchfield": "waitlisted"}
    assert fresh(session, evening.alice).state is RegistrationState.CANCELLED
    assert fresh(session, evening.charlie).state is RegistrationState.CONFIRMED
    told = letters(session)
    assert told.count(("registration_confirmed", "alice@liverpool.example.ac.uk")) == 1
    assert told.count(("registration_waitlisted", "bob@oxford.example.ac.uk")) == 1
    assert told.count(("registration_promoted", "charlie@example.org")) == 1
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.verb == "moved to another opening")).all()) == 2
    row = session.scalars(select(Registration).where(Registration.opening_id == other.id)).first()
    assert row is not None
    assert row.reason == f"The organisers moved you here from “{evening.opening.title}”. The room is small."


def test_who_is_there_already_stays_and_is_named(
    evening: Evening, olga: FlaskClient, session: Session, other: Opening
) -> None:
    things.registration(session, to=other, who=evening.people.alice)
    session.commit()
    sent = {"id": [evening.alice.id], "to": other.id}
    again = olga.post(f"{evening.home}/moves", data=sent)
    assert again.status_code == 422
    assert "Alice Aldgrove: is registered for “Second evening” already." in text_of(again)
    assert fresh(session, evening.alice).state is RegistrationState.CONFIRMED


def test_full_without_a_waiting_list_takes_nobody_but_by_a_word(
    evening: Evening, olga: FlaskClient, session: Session, other: Opening
) -> None:
    other.has_waiting_list, other.capacity = False, 0
    session.commit()
    sent = {"id": [evening.alice.id], "to": other.id}
    again = olga.post(f"{evening.home}/moves", data=sent)
    assert again.status_code == 422
    assert "Every place is taken" in text_of(again)
    assert fresh(session, evening.alice).state is RegistrationState.CONFIRMED
    assert olga.post(f"{evening.home}/moves", data={**sent, "even_if_full": "y"}).status_code == 303
    assert there(session, other) == {"Alice Aldgrove": "confirmed"}


def test_nobody_goes_to_another_leads_opening_nor_to_a_draft(
    evening: Evening, olga: FlaskClient, session: Session, other: Opening
) -> None:
    theirs = things.opening(session, events=[things.event(session, lead=evening.people.oxford, title="Theirs")])
    draft = things.opening(
        session, events=[things.event(session, lead=evening.people.liverpool)], state=OpeningState.DRAFT
    )
    session.commit()
    for target in (theirs.id, draft.id, evening.opening.id, "", "x", 2**63):
        answer = olga.post(f"{evening.home}/moves", data={"id": [evening.alice.id], "to": target})
        assert answer.status_code == 422
    assert fresh(session, evening.alice).state is RegistrationState.CONFIRMED


def test_co_owner_moves_only_where_they_decide_too(
    evening: Evening, signed_in: As, session: Session, other: Opening
) -> None:
    omar = signed_in(evening.people.omar)
    sent = {"id": [evening.bob.id], "to": other.id}
    assert omar.post(f"{evening.home}/moves", data=sent).status_code == 422
    other.co_owners = [evening.people.oxford]
    session.commit()
    assert omar.post(f"{evening.home}/moves", data=sent).status_code == 303
    stranger = signed_in(evening.stranger)
    assert stranger.post(f"{evening.home}/moves", data=sent).status_code == 403
