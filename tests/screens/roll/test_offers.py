"""Organisers offer places by hand, see until when, and give none out of turn without saying why."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from tests.factories import things
from tests.screens.roll.conftest import Evening, fresh, letters, text_of

R = RegistrationState


@pytest.fixture
def last(evening: Evening, session: Session) -> Registration:
    """Ada waits behind Charlie; places are offered for two days."""
    evening.opening.offer_hours = 48
    row = things.registration(session, to=evening.opening, who=evening.people.ada, state=R.WAITLISTED)
    session.commit()
    return row


@pytest.mark.one_database
def test_the_next_one_is_offered_a_place_and_the_roll_shows_until_when(
    evening: Evening, olga: FlaskClient, session: Session, last: Registration
) -> None:
    here = f"/organise/registrations/{evening.charlie.id}"
    full = text_of(olga.post(f"{here}/offer", follow_redirects=True))
    assert "Every place is taken." in full
    said = text_of(olga.post(f"{here}/offer", data={"even_if_full": "y"}, follow_redirects=True))
    assert "Charlie Chalkwell is offered a place until" in said
    assert fresh(session, evening.charlie).state is R.OFFERED
    assert letters(session) == [("place_offered", "charlie@example.org")]
    assert "to answer by" in text_of(olga.get(evening.home))
    assert "To answer by" in text_of(olga.get(here))


@pytest.mark.one_database
def test_out_of_turn_a_reason_is_asked_for_one_and_for_many(
    evening: Evening, olga: FlaskClient, session: Session, last: Registration
) -> None:
    here = f"/organise/registrations/{last.id}"
    for verb in ("offer", "promotion"):
        refused = olga.post(f"{here}/{verb}", data={"even_if_full": "y"}, follow_redirects=True)
        assert "Others have waited longer." in text_of(refused)
    shown = text_of(olga.get(f"{evening.home}/decision?do=promotion&id={last.id}"))
    assert "Others have waited longer, so say why." in shown
    both = text_of(olga.get(f"{evening.home}/decision?do=promotion&id={last.id}&id={evening.charlie.id}"))
    assert "Others have waited longer" not in both
    given = {"id": last.id, "even_if_full": "y", "reason": "She chairs the day."}
    olga.post(f"{evening.home}/promotions", data=given)
    assert fresh(session, last).state is R.CONFIRMED
    assert "She chairs the day." in text_of(olga.get(here))


@pytest.mark.one_database
def test_hours_of_offers_are_set_in_the_settings_with_sentences_for_nonsense(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    values = {"title": "Talk", "eligibility": "anyone", "places_by": "first_come", "events": evening.event_id}
    values |= {"moves_up": "offer", "offer_morning": "480"}
    assert "Enter how many hours" in text_of(olga.post(f"{evening.home}/edit", data=values))
    assert olga.post(f"{evening.home}/edit", data={**values, "offer_hours": "9999"}).status_code == 422
    assert olga.post(f"{evening.home}/edit", data={**values, "offer_hours": "48"}).status_code == 303
    session.rollback()
    session.expire_all()
    assert (evening.opening.offer_hours, evening.opening.offer_morning) == (48, 480)
    olga.post(f"{evening.home}/edit", data={**values, "moves_up": "at_once", "offer_hours": "48"})
    session.rollback()
    session.expire_all()
    assert evening.opening.offer_hours is None
