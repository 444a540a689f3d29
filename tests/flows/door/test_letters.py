"""Codes in letters, and the way in for whoever helps."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.composing import said_now
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.door.helping import ask_to_help
from programme.flows.granting.giving import Holder
from programme.flows.notices.places.registrations import CONFIRMED, PROMOTED, WAITLISTED, send
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories import cast, things

PNG = b"\x89PNG\r\n"
NOW = things.SOON - timedelta(days=7)


@pytest.fixture
def row(session: Session) -> Registration:
    people = cast.assemble(session)
    events = [things.event(session, lead=people.liverpool, title=title) for title in ("Tides", "Sand")]
    made = things.registration(session, to=things.opening(session, events=events), who=people.alice)
    session.commit()
    return made


def newest(session: Session) -> OutboxMessage:
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()


@pytest.mark.parametrize("letter", [CONFIRMED, PROMOTED])
def test_a_letter_about_a_place_brings_its_codes_and_the_first_as_a_picture(
    app: Flask, session: Session, row: Registration, letter: str
) -> None:
    send(session, row, letter, key="", now=NOW)
    room, message = app.extensions["mail_room"], newest(session)
    composed = room.letters[letter].compose(session, message, now=NOW)
    pictures = [file for file in composed.attachments if file.media_type == "image/png"]
    assert [file.filename for file in pictures] == ["code-tides.png"]
    assert pictures[0].content.startswith(PNG)
    body = said_now(session, message, room=room, now=NOW)
    assert body is not None
    for seat in row.seats:
        assert app.extensions["codes"].url(seat) in body.text
        assert app.extensions["codes"].url(seat) in body.html


def test_whoever_waits_has_no_code(app: Flask, session: Session, row: Registration) -> None:
    row.state = RegistrationState.WAITLISTED
    session.flush()
    send(session, row, WAITLISTED, key="", now=NOW)
    room, message = app.extensions["mail_room"], newest(session)
    assert room.letters[WAITLISTED].compose(session, message, now=NOW).attachments == ()
    body = said_now(session, message, room=room, now=NOW)
    assert body is not None
    assert "/check-in/" not in body.text


def test_a_helper_is_led_to_the_doors_and_an_organiser_to_what_they_organise(
    app: Flask, session: Session, row: Registration
) -> None:
    olga = session.scalars(select(Person).where(Person.name == "Olga Oakhurst")).one()
    hilda = Holder("hilda@example.org", "Hilda Handy")
    ask_to_help(session, row.opening, row.seats[0].event, hilda, actor=actor_of(olga), now=NOW)
    body = said_now(session, newest(session), room=app.extensions["mail_room"], now=NOW)
    assert body is not None
    assert "/sign-in?next=/organise/registrations" in body.text
    assert "Tides" in body.text
