"""The letters about a registration: each renders from what is true when it is sent, or is not wanted any more."""

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Composed, MailRoom
from programme.engines.mail.wire.messages import Body
from programme.engines.mail.wording.stationery import Stationery, written
from programme.engines.registration.models import Opening
from programme.flows.notices.places.registrations import KINDS
from programme.flows.registering import cancel_registration, lapse_unproved_holds
from tests.factories.things import SOON
from tests.flows.conftest import NOW, Enter, letters


@pytest.fixture
def room(app: Flask) -> MailRoom:
    """What delivery has."""
    found: MailRoom = app.extensions["mail_room"]
    return found


def said(room: MailRoom, letter: str, composed: Composed) -> Body:
    """What a letter says in our own wording."""
    return written(room.letters[letter], composed.variables, room=room, stationery=Stationery())


def latest(session: Session, letter: str) -> OutboxMessage:
    """The newest letter of a kind."""
    found = select(OutboxMessage).where(OutboxMessage.letter == letter).order_by(OutboxMessage.id.desc())
    return session.scalars(found.limit(1)).one()


@pytest.mark.one_database
@pytest.mark.parametrize("letter", sorted(KINDS))
def test_each_kind_renders_its_example(app: Flask, room: MailRoom, letter: str) -> None:
    kind = room.letters[letter]
    assert kind.example is not None
    body = written(kind, kind.example(), room=room, stationery=Stationery())
    assert "Quantum sensing for chemists" in body.subject
    assert body.subject.count("\n") == 0
    assert "Dear Alice Aldgrove" in body.text
    assert "Dear Alice Aldgrove" in body.html


def test_a_confirmation_brings_the_event_the_link_and_by_when_to_keep_it(
    app: Flask, session: Session, room: MailRoom, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, "anna@example.org").registration
    message = latest(session, "registration_confirmed")
    composed = room.letters[message.letter].compose(session, message, now=NOW)
    assert composed is not None
    text = said(room, message.letter, composed).text
    assert app.extensions["links"].url(row) in text
    assert "KEEP YOUR PLACE BY Saturday 12 September, 10:00 BST" in text
    (file, code) = composed.attachments
    assert (file.method, code.media_type) == ("PUBLISH", "image/png")
    (entry,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert entry["UID"] == f"event-{opening.events[0].id}@programme.example.ac.uk"
    assert entry["SEQUENCE"] == 0
    assert "/registrations/" not in str(entry["DESCRIPTION"])
    assert "use the link in your confirmation" in str(entry["DESCRIPTION"])
    assert f"/events/quantum-sensing-for-chemists-{opening.events[0].id}" in str(entry["DESCRIPTION"])
    assert (message.reply_to, message.sender_name) == ("programme@oxford.example.ac.uk", "University of Oxford")


def test_a_cancellation_takes_the_event_out_with_a_higher_sequence(
    session: Session, room: MailRoom, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, "anna@example.org").registration
    cancel_registration(session, row.id, now=NOW + timedelta(hours=1))
    session.commit()
    message = latest(session, "registration_cancelled")
    composed = room.letters[message.letter].compose(session, message, now=NOW)
    assert composed is not None
    (entry,) = Calendar.from_ical(composed.attachments[0].content).walk("VEVENT")
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 1)


def test_a_confirmation_is_not_wanted_any_more_once_the_place_is_gone(
    session: Session, room: MailRoom, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, "anna@example.org").registration
    cancel_registration(session, row.id, now=NOW)
    session.commit()
    message = latest(session, "registration_confirmed")
    assert room.letters[message.letter].compose(session, message, now=NOW) is None


def test_only_those_with_a_place_are_told_the_joining_link(
    app: Flask, session: Session, room: MailRoom, opening: Opening, enter: Enter
) -> None:
    opening.events[0].online_link = "https://meet.example.ac.uk/room"
    session.commit()
    enter(opening, "anna@example.org")
    enter(opening, "ben@example.org")
    texts = {}
    for letter in ("registration_confirmed", "registration_waitlisted"):
        message = latest(session, letter)
        composed = room.letters[letter].compose(session, message, now=NOW)
        assert composed is not None
        texts[letter] = said(room, letter, composed).text
    assert "meet.example.ac.uk" in texts["registration_confirmed"]
    assert "meet.example.ac.uk" not in texts["registration_waitlisted"]
    assert "You are 1st on the waiting list" in " ".join(texts["registration_waitlisted"].split())


def test_a_hold_that_lapses_long_after_the_event_is_ended_without_a_letter(
    session: Session, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, "anna@example.org").registration
    enter(opening, "ben@example.org")
    before = letters(session)
    assert lapse_unproved_holds(session, SOON + timedelta(weeks=12)) > 0
    session.commit()
    assert row.state.value == "lapsed"
    assert letters(session) == before


def test_a_letter_that_waited_until_all_was_over_is_not_wanted_any_more(
    session: Session, room: MailRoom, opening: Opening, enter: Enter
) -> None:
    enter(opening, "anna@example.org")
    message = latest(session, "registration_confirmed")
    assert room.letters[message.letter].compose(session, message, now=SOON + timedelta(hours=2)) is None


def test_whoever_cancels_after_the_event_themselves_is_answered(
    session: Session, room: MailRoom, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, "anna@example.org").registration
    later = SOON + timedelta(days=1)
    cancel_registration(session, row.id, now=later)
    session.commit()
    message = latest(session, "registration_cancelled")
    assert message.valid_until is None
    assert room.letters[message.letter].compose(session, message, now=later) is not None


@pytest.mark.one_database
def test_a_confirmation_of_what_costs_something_says_what_to_do_next(
    app: Flask, session: Session, room: MailRoom, opening: Opening, enter: Enter
) -> None:
    opening.events[0].price_note, opening.events[0].shop_url = "£10", "https://shop.example.ac.uk/7"
    session.commit()
    enter(opening, "anna@example.org")
    message = latest(session, "registration_confirmed")
    composed = room.letters[message.letter].compose(session, message, now=NOW)
    assert composed is not None
    body = said(room, message.letter, composed)
    for words in (body.text, body.html):
        assert "university’s own shop: £10." in words
        assert "https://shop.example.ac.uk/7" in words
