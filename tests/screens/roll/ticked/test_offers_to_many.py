"""Offering places to many at once: with the deadline said beforehand, in turn, and undone as long as letters wait."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.deciding.models import DecisionRound
from programme.engines.registration.models import Registration
from programme.engines.registration.states import PlacesBy, RegistrationState
from tests.factories import things
from tests.screens.roll.conftest import Evening, fresh, text_of

R = RegistrationState


@pytest.fixture
def ada(evening: Evening, session: Session) -> Registration:
    """Ada waits behind Charlie; organisers give the places, offered for two days, and two are free."""
    evening.opening.places_by = PlacesBy.DECISION
    evening.opening.offer_hours, evening.opening.capacity = 48, 4
    row = things.registration(session, to=evening.opening, who=evening.people.ada, state=R.WAITLISTED)
    session.commit()
    return row


def test_the_page_says_who_is_offered_a_place_until_when_and_who_is_left_out(
    evening: Evening, olga: FlaskClient, session: Session, ada: Registration
) -> None:
    assert 'value="offer"' in olga.get(evening.home).get_data(as_text=True)
    ticked = {"do": "offer", "id": [evening.charlie.id, ada.id, evening.alice.id]}
    page = text_of(olga.get(f"{evening.home}/decision", query_string=ticked))
    assert "Offer a place: 2 people" in page
    assert "Each is offered a place until" in page
    assert page.count("Is offered a place, and gets a letter with the deadline") == 2
    assert "Left out, as it does not apply to them: Alice" in page
    assert {row.state for row in session.scalars(select(Registration))} == {R.CONFIRMED, R.WAITLISTED}


def test_all_who_wait_are_offered_a_place_and_it_is_undone(
    evening: Evening, olga: FlaskClient, session: Session, ada: Registration
) -> None:
    whole = {"everybody": "1", "state": "waiting", "count": "2"}
    said = text_of(olga.post(f"{evening.home}/offers", data=whole, follow_redirects=True))
    assert "Offer a place: decided about 2 people." in said
    assert "Places were offered to" in said
    both = [fresh(session, row) for row in (evening.charlie, ada)]
    assert [row.state for row in both] == [R.OFFERED, R.OFFERED]
    assert len({row.answer_by for row in both}) == 1
    waiting = session.scalars(select(OutboxMessage)).all()
    made = session.scalars(select(DecisionRound)).one()
    assert [(row.letter, row.due_at) for row in waiting] == [("place_offered", made.letters_at)] * 2
    said = text_of(olga.post(f"{evening.home}/rounds/{made.id}/undoing", follow_redirects=True))
    assert "Undone for 2 people. No letter goes to them." in said
    both = [fresh(session, row) for row in (evening.charlie, ada)]
    assert [(row.state, row.answer_by, row.offered_at) for row in both] == [(R.WAITLISTED, None, None)] * 2
    assert set(session.scalars(select(OutboxMessage.state))) == {"cancelled"}


def test_more_than_there_are_places_for_are_told_apart_and_out_of_turn_needs_a_reason(
    evening: Evening, olga: FlaskClient, session: Session, ada: Registration
) -> None:
    evening.opening.capacity = 3
    session.commit()
    both = {"id": [evening.charlie.id, ada.id]}
    page = text_of(olga.get(f"{evening.home}/decision", query_string={**both, "do": "offer"}))
    assert "Only 1 place is left." in page
    assert "Stays where they are: no place is left for them" in page
    silent = text_of(olga.post(f"{evening.home}/offers", data={"id": ada.id}, follow_redirects=True))
    assert "Others have waited longer." in silent
    said = text_of(olga.post(f"{evening.home}/offers", data=both, follow_redirects=True))
    assert "Charlie Chalkwell" in said
    assert "Every place is taken." in said
    assert [fresh(session, row).state for row in (evening.charlie, ada)] == [R.OFFERED, R.WAITLISTED]


def test_where_places_are_given_at_once_nothing_is_offered(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    assert 'value="offer"' not in olga.get(evening.home).get_data(as_text=True)
    ticked = {"do": "offer", "id": evening.charlie.id}
    for answer in (
        olga.get(f"{evening.home}/decision", query_string=ticked, follow_redirects=True),
        olga.post(f"{evening.home}/offers", data=ticked, follow_redirects=True),
    ):
        assert "Places are given at once here." in text_of(answer)
    assert fresh(session, evening.charlie).state is R.WAITLISTED


def test_no_offer_goes_past_the_keys_of_the_universities(
    evening: Evening, olga: FlaskClient, session: Session, ada: Registration
) -> None:
    ada.state = evening.charlie.state = R.PENDING
    session.commit()
    sent = {"decided_by": "keys", "days": "21", "answers_change": "registered"}
    assert olga.post(f"{evening.home}/decisions", data=sent).status_code == 303
    ticked = {"do": "offer", "id": ada.id}
    page = text_of(olga.get(f"{evening.home}/decision", query_string=ticked))
    assert "the universities’ keys decide about it, and no offer goes past them" in page
    said = text_of(olga.post(f"{evening.home}/offers", data=ticked, follow_redirects=True))
    assert "This is decided by a key for each university" in said
    assert fresh(session, ada).state is R.PENDING
