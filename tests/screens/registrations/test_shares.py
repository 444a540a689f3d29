"""What visitors and participants are told of places that are kept for an organisation."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Quota
from programme.engines.registration.states import RegistrationState
from tests.bed.clock import Clock
from tests.factories import cast
from tests.factories.cast import Cast
from tests.factories.things import SOON
from tests.screens.registrations.conftest import Send, page_of, registrations

R = RegistrationState


@pytest.fixture
def shared(session: Session, people: Cast, opening: Opening) -> Opening:
    """Three places, one kept for each university until three days before."""
    opening.capacity = 3
    opening.quotas = [
        Quota(organisation_id=one.id, places=1, release_days=3) for one in (people.liverpool, people.oxford)
    ]
    session.commit()
    return opening


def event_page(client: FlaskClient, opening: Opening) -> str:
    """The event as the public sees it."""
    return unescape(client.get(f"/events/{opening.events[0].id}", follow_redirects=True).text)


def form_page(client: FlaskClient, opening: Opening) -> str:
    """The form as the public sees it."""
    return unescape(client.get(f"/openings/{opening.id}/registration", follow_redirects=True).text)


def test_the_event_page_says_what_is_kept_for_whom_and_until_when(
    client: FlaskClient, shared: Opening, send: Send
) -> None:
    page = event_page(client, shared)
    told = "1 place is kept for Liverpool and 1 for Oxford until Saturday 13 February"
    assert "3 places left" in page
    assert told.replace("is kept", "are kept") in page or told in page
    assert "after that, anybody may have them." in page
    assert page.count('class="gap__share"') == 2
    assert page.count("0 of 1 taken") == 3


def test_when_only_kept_places_are_left_the_pages_say_so(client: FlaskClient, shared: Opening, send: Send) -> None:
    for number in range(2):
        send(shared, email=f"s{number}@liverpool.example.ac.uk")
    page = event_page(client, shared)
    assert "1 place left" in page
    assert "Members of Oxford have a place at once; all others join the waiting list." in page
    assert "The place left is kept for Oxford until Saturday 13 February" in form_page(client, shared)
    assert "1 place left, for Oxford" in unescape(client.get("/").text)


def test_once_released_the_pages_say_nothing_of_shares(client: FlaskClient, shared: Opening, clock: Clock) -> None:
    clock.set(SOON - timedelta(days=3))
    page = event_page(client, shared)
    assert "3 places left" in page
    assert "kept for" not in page
    assert "kept for" not in form_page(client, shared)


def test_who_waits_sees_the_position_and_why(
    client: FlaskClient, app: Flask, session: Session, shared: Opening, send: Send
) -> None:
    for number in range(4):
        send(shared, email=f"s{number}@liverpool.example.ac.uk")
    waiting = [row for row in registrations(session) if row.state is R.WAITLISTED]
    page = unescape(client.get(page_of(app, waiting[1])).text)
    assert "You are 2nd on the waiting list" in page
    assert "The place left is kept for Oxford until Saturday 13 February" in page
    assert "somebody behind you may move up first" in page
    assert "Leave the waiting list" in page


def test_the_form_tells_somebody_signed_in_what_would_become_of_them(
    app: Flask, session: Session, people: Cast, shared: Opening, send: Send
) -> None:
    for number in range(2):
        send(shared, email=f"s{number}@liverpool.example.ac.uk")
    found = {}
    for who in (people.alice, people.bob):
        browser = app.test_client()
        browser.set_cookie("programme_session", cast.cookie_for(session, who))
        found[who.name] = form_page(browser, shared)
    assert "Join the waiting list</button>" in found["Alice Aldgrove"]
    assert "Join the waiting list</button>" not in found["Bob Birchfield"]
