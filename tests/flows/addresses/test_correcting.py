"""The address of a registration, put right by an organiser."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.addresses.correcting import correct
from programme.flows.addresses.readdressing import follow
from programme.people.identity import actor_of
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.addresses.conftest import LATER, waiting
from tests.flows.conftest import Enter

WRONG, RIGHT = "gwen@exmaple.org", "gwen@example.org"


@pytest.fixture
def guest(opening: Opening, enter: Enter) -> Registration:
    """A guest who mistyped her address."""
    return enter(opening, WRONG).registration


def put_right(session: Session, people: Cast, row: Registration, address: str = RIGHT) -> Registration:
    """Let Omar put it right."""
    found = correct(session, row.id, address, actor=actor_of(people.omar), now=LATER)
    session.commit()
    return found


def test_letter_that_waits_goes_to_the_right_address_and_no_second_one(
    app: Flask, session: Session, people: Cast, guest: Registration, capture: Capture
) -> None:
    former = guest.person_id
    row = put_right(session, people, guest)
    run_due(app, LATER)
    [letter] = capture.messages
    assert letter["To"] is not None
    assert RIGHT in letter["To"]
    assert (row.address, row.prove_by, row.link_version) == (RIGHT, None, 2)
    assert row.person_id != former
    text = letter.get_body(("plain",))
    assert text is not None
    assert app.extensions["links"].url(row) in text.get_content()


def test_what_went_to_the_wrong_address_is_written_again(
    app: Flask, session: Session, people: Cast, guest: Registration, capture: Capture
) -> None:
    run_due(app, LATER)
    put_right(session, people, guest)
    run_due(app, LATER)
    assert (len(capture.to(WRONG)), len(capture.to(RIGHT))) == (1, 1)
    assert [row.verb for row in session.scalars(select(AuditEntry))] == ["corrected an address"]


def test_place_goes_to_whom_we_know_by_the_right_address(session: Session, people: Cast, guest: Registration) -> None:
    row = put_right(session, people, guest, people.alice.address)
    assert row.person_id == people.alice.id
    assert waiting(session) == [("registration_confirmed", people.alice.address)]


def test_letters_about_something_else_stay_where_they_are(
    session: Session, people: Cast, guest: Registration, enter: Enter
) -> None:
    other = things.opening(session, events=[things.event(session, lead=people.oxford)])
    session.commit()
    enter(other, WRONG)
    put_right(session, people, guest)
    assert waiting(session) == [("registration_confirmed", RIGHT), ("registration_confirmed", WRONG)]


def test_letter_on_its_way_follows_once_it_is_back(session: Session, people: Cast, guest: Registration) -> None:
    [row] = session.scalars(select(OutboxMessage))
    row.state = OutboxState.SENDING
    session.commit()
    put_right(session, people, guest)
    row = session.get_one(OutboxMessage, row.id)
    assert row.recipient == WRONG
    row.state = OutboxState.PENDING
    session.commit()
    assert follow(session, LATER, private=frozenset()) == 1
    assert (row.recipient, row.person_id) == (RIGHT, guest.person_id)


def test_nobody_is_registered_twice_and_what_ended_stays(session: Session, people: Cast, guest: Registration) -> None:
    taken = things.registration(session, to=guest.opening, who=people.bob, state=RegistrationState.WAITLISTED)
    session.commit()
    with pytest.raises(Refusal, match="registered under this address already"):
        put_right(session, people, guest, people.bob.address)
    session.rollback()
    with pytest.raises(Refusal, match="its address already"):
        put_right(session, people, guest, WRONG.upper())
    session.rollback()
    with pytest.raises(Refusal, match="like name@example"):
        put_right(session, people, guest, "gwen at example.org")
    session.rollback()
    taken.state = RegistrationState.CANCELLED
    session.commit()
    with pytest.raises(Refusal, match="has ended"):
        put_right(session, people, taken)
