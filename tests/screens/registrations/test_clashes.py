"""The warning about what clashes: on the event's page, before the form is sent, on the page after; to oneself alone."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.core.web.converters import slug
from programme.engines.registration.models import Opening, Registration
from tests.factories import things
from tests.factories.cast import Cast, cookie_for

SECRET = "Support evening"
HARD = "It clashes with what you have"


def busy(session: Session, people: Cast) -> None:
    """Bob has something at the same time."""
    row = things.event(session, lead=people.liverpool, title=SECRET)
    things.registration(session, to=things.opening(session, events=[row]), who=people.bob)
    session.commit()


def form_of(opening: Opening) -> str:
    """The address of a form."""
    return f"/openings/{slug(opening.title, opening.id)}/registration"


def test_it_is_told_before_the_form_is_sent_and_after_and_bars_nothing(
    client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    busy(session, people)
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    event = opening.events[0]
    for address in (f"/events/{slug(event.title, event.id)}", form_of(opening)):
        page = client.get(address).text
        assert HARD in page
        assert f"“{SECRET}” is at the same time as “{event.title}”: Tuesday 16 February, 14:00 to 15:00 GMT." in page
    sent = {"name": people.bob.name, "email": people.bob.address, "form_key": "one"}
    answer = client.post(form_of(opening), data=sent, follow_redirects=True)
    assert "You have a place at" in answer.text
    assert HARD in answer.text
    assert "Your place stands." in answer.text
    client.delete_cookie("programme_session")
    assert SECRET not in client.get(answer.request.path).text


def test_it_is_told_on_the_form_that_comes_back(
    client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    busy(session, people)
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    answer = client.post(form_of(opening), data={"name": "", "email": people.bob.address, "form_key": "one"})
    assert answer.status_code == 422
    assert HARD in answer.text


def test_nobody_else_learns_what_somebody_has(app: Flask, session: Session, people: Cast, opening: Opening) -> None:
    busy(session, people)
    row: Registration = things.registration(session, to=opening, who=people.bob)
    session.commit()
    token, event = app.extensions["links"].token(row), opening.events[0]
    places = (f"/events/{slug(event.title, event.id)}", form_of(opening), f"/registrations/{token}")
    for who in (None, people.alice, people.olga, people.omar, people.ada):
        client = app.test_client()
        if who is not None:
            client.set_cookie("programme_session", cookie_for(session, who))
        for address in places:
            page = client.get(address)
            assert page.status_code == 200
            assert SECRET not in page.text
            assert HARD not in page.text
