"""My programme: an agenda of one's own, and of nobody else's."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening
from programme.engines.registration.states import RegistrationState
from programme.extensions import db
from tests.factories import things
from tests.factories.cast import Cast, cookie_for


def test_nobody_signed_in_is_led_to_sign_in(client: FlaskClient, people: Cast) -> None:
    answered = client.get("/me")
    assert answered.status_code == 303
    assert answered.location == "/sign-in?next=/me"


def test_an_empty_programme_says_what_will_be_there(client: FlaskClient, session: Session, people: Cast) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert "Nothing is in your programme yet" in page


def test_places_waiting_lists_and_the_past_are_shown(
    client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    full = things.opening(session, events=[things.event(session, lead=people.liverpool, title="Writing clinic")])
    for who in (people.alice, people.bob):
        things.registration(session, to=full, who=who, state=RegistrationState.WAITLISTED)
    things.registration(session, to=opening, who=people.bob)
    gone = things.event(session, lead=people.oxford, title="Pitch night", starts_at=things.SOON - timedelta(days=90))
    things.registration(session, to=things.opening(session, events=[gone]), who=people.bob)
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert "You are 2nd on the waiting list" in page
    assert page.index("Quantum sensing for chemists") < page.index("Past") < page.index("Pitch night")
    client.set_cookie("programme_session", cookie_for(session, people.charlie))
    assert "Writing clinic" not in client.get("/me").text


def test_the_page_asks_as_often_for_thirty_as_for_one(
    app: Flask, client: FlaskClient, session: Session, people: Cast
) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    counts = []
    for wanted in (1, 29):
        for number in range(wanted):
            talk = things.event(session, lead=people.oxford, title=f"Talk {wanted} {number}")
            things.registration(session, to=things.opening(session, events=[talk]), who=people.bob)
        session.commit()
        client.get("/me")
        counts.append(statements(app, client, "/me"))
    assert counts[0] == counts[1] < 15


def statements(app: Flask, client: FlaskClient, address: str) -> int:
    """How many statements an address takes."""
    with app.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
