"""The page of an offered place: until when, two buttons, and what becomes of either; looking changes nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, cookie_for
from tests.screens.registrations.conftest import letters, page_of, registrations

R = RegistrationState


@pytest.fixture
def row(session: Session, people: Cast, opening: Opening, clock: Clock) -> Registration:
    """A place that is offered to Charlie for a day; Alice waits."""
    opening.capacity, opening.offer_hours = 1, 24
    until = clock.now + timedelta(days=1)
    made = things.registration(
        session, to=opening, who=people.charlie, state=R.OFFERED, offered_at=clock.now, answer_by=until
    )
    things.registration(session, to=opening, who=people.alice, state=R.WAITLISTED, joined_at=LONG_AGO)
    session.commit()
    return made


def test_the_page_says_until_when_and_looking_changes_nothing(
    client: FlaskClient, app: Flask, session: Session, row: Registration
) -> None:
    page = client.get(page_of(app, row)).text
    for words in ("A place is yours to take at", "Answer by", "Take the place</button>", "Let it go</button>"):
        assert words in page
    assert registrations(session)[0].state is R.OFFERED
    assert client.get(f"{page_of(app, row)}/acceptance").status_code == 405


def test_one_press_takes_it_and_a_second_changes_nothing(
    client: FlaskClient, app: Flask, session: Session, row: Registration
) -> None:
    for words in ("You have the place.", "You have taken this place already."):
        assert words in client.post(f"{page_of(app, row)}/acceptance", follow_redirects=True).text
    assert registrations(session)[0].state is R.CONFIRMED
    assert letters(session) == [("registration_confirmed", row.address)]
    assert "You have taken this place" in client.post(f"{page_of(app, row)}/declination", follow_redirects=True).text


def test_one_press_lets_it_go_to_whoever_is_next(
    client: FlaskClient, app: Flask, session: Session, row: Registration, people: Cast
) -> None:
    for words in ("You let the place go.", "You let it go before."):
        assert words in client.post(f"{page_of(app, row)}/declination", follow_redirects=True).text
    assert [one.state for one in registrations(session)] == [R.CANCELLED, R.OFFERED]
    assert letters(session) == [("offer_let_go", row.address), ("place_offered", people.alice.address)]
    assert "No place is offered" in client.post(f"{page_of(app, row)}/acceptance", follow_redirects=True).text


@pytest.mark.one_database
def test_too_late_the_page_has_no_button_and_a_press_is_told(
    client: FlaskClient, app: Flask, row: Registration, clock: Clock
) -> None:
    clock.forward(days=2)
    page = client.get(page_of(app, row)).text
    assert "ran out on" in page
    assert "Take the place</button>" not in page
    assert "ran out" in client.post(f"{page_of(app, row)}/acceptance", follow_redirects=True).text


@pytest.mark.one_database
def test_my_programme_shows_the_offer_with_its_deadline_and_both_buttons(
    client: FlaskClient, session: Session, people: Cast, row: Registration
) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.charlie))
    page = client.get("/me").text
    for words in ("Offered", "Offer ends", "/acceptance", "/declination"):
        assert words in page


@pytest.mark.one_database
def test_leaving_the_waiting_list_is_one_press_on_the_page(
    client: FlaskClient, app: Flask, session: Session, row: Registration
) -> None:
    waiting = registrations(session)[1]
    page = client.get(page_of(app, waiting)).text
    assert "you have about 24 hours to answer" in page
    assert f'action="{page_of(app, waiting)}/cancellation"' in page


@pytest.mark.one_database
def test_an_offer_opens_no_door_before_it_is_taken(client: FlaskClient, row: Registration, app: Flask) -> None:
    page = client.get(app.extensions["links"].path(row)).text
    assert "Take the place" in page
    assert "At the door" not in page
    client.post(f"{app.extensions['links'].path(row)}/acceptance")
    assert "At the door" in client.get(app.extensions["links"].path(row)).text
