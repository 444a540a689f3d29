"""What clashes stands in the letter with the place, and in nobody's view of that letter but its reader's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from programme.engines.mail import composing
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.written.bodies import sent_body
from programme.flows.registering import cancel_registration
from programme.scheduler import run_due
from tests.factories import things
from tests.flows.conftest import NOW, Enter, actor_for

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from tests.factories.cast import Cast

SECRET = "Support evening"


@pytest.fixture
def evening(session: Session, people: Cast) -> None:
    """Bob has something at the same time that is nobody's business."""
    row = things.event(session, lead=people.liverpool, title=SECRET)
    things.registration(session, to=things.opening(session, events=[row]), who=people.bob)
    session.commit()


def latest(session: Session, letter: str) -> OutboxMessage:
    """The newest letter of a kind."""
    return session.scalars(
        select(OutboxMessage).where(OutboxMessage.letter == letter).order_by(OutboxMessage.id.desc()).limit(1)
    ).one()


@pytest.mark.usefixtures("evening")
def test_confirmation_tells_its_reader_and_no_organiser(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.bob.address, actor=actor_for(people.bob))
    message, room = latest(session, "registration_confirmed"), app.extensions["mail_room"]
    said = composing.said_now(session, message, room=room, now=NOW)
    shown = composing.preview(session, message, room=room, now=NOW)
    assert said is not None
    assert shown is not None
    for text in (said.text, said.html):
        assert SECRET in text
        assert "your place stands" in text
    assert "YOU CANNOT DO BOTH" in said.text
    for text in (shown.text, shown.html):
        assert SECRET not in text
        assert "cannot do both" not in text.lower()


@pytest.mark.usefixtures("evening")
def test_what_is_kept_of_a_letter_that_went_is_without_it(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.bob.address, actor=actor_for(people.bob))
    session.commit()
    run_due(app, NOW + timedelta(minutes=1))
    session.rollback()
    session.expire_all()
    kept = sent_body(session, latest(session, "registration_confirmed"))
    assert kept is not None
    assert "You have a place" in kept.text
    assert SECRET not in kept.text
    assert SECRET not in kept.html


@pytest.mark.usefixtures("evening")
def test_letter_to_who_moves_up_tells_it_and_that_of_who_waits_does_not(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    first = enter(opening, people.alice.address, actor=actor_for(people.alice))
    enter(opening, people.bob.address, actor=actor_for(people.bob))
    room = app.extensions["mail_room"]
    waits = composing.said_now(session, latest(session, "registration_waitlisted"), room=room, now=NOW)
    assert waits is not None
    assert SECRET not in waits.text
    cancel_registration(session, first.registration.id, now=NOW)
    session.commit()
    moved = composing.said_now(session, latest(session, "registration_promoted"), room=room, now=NOW)
    assert moved is not None
    assert SECRET in moved.text


@pytest.mark.usefixtures("evening")
def test_letter_that_goes_to_another_address_than_the_persons_own_tells_nothing(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.bob.address, actor=actor_for(people.bob))
    message = latest(session, "registration_confirmed")
    message.recipient = "secretary@example.org"
    session.flush()
    said = composing.said_now(session, message, room=app.extensions["mail_room"], now=NOW)
    assert said is not None
    assert SECRET not in said.text
