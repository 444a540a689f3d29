"""An answer that comes in, in one line, and what came of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.addresses.models import InboxMessage
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.addresses.taking_in import Taken, take_in
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.replies.models import OddReply, SeatReply
from programme.engines.registration.replies.states import TrayState
from tests.flows.conftest import NOW
from tests.flows.replying import replies

ANNA, BEN, CLEO = "anna@example.org", "ben@example.org", "cleo@example.org"
LATER = NOW + timedelta(hours=2)
Reply = Callable[..., Taken]


@pytest.fixture
def reply(app: Flask, session: Session) -> Reply:
    """An answer comes: of a shape, about an event, for an address, naming the newest letter of a registration."""
    room = app.extensions["mail_room"]

    def came(
        shape: str, opening: Opening, address: str, *, letter_of: Registration | None = None, **given: Any
    ) -> Taken:
        event = given.pop("event", opening.events[0])
        at: datetime = given.pop("at", LATER)
        is_again = given.pop("again", False)
        uid = f"event-{event.id}@programme.example.ac.uk"
        unknown = given.pop("key", "<unknown@programme.example>")
        key = name_of(session, letter_of) if letter_of else unknown
        given = {"stamp": f"{NOW + timedelta(hours=1):%Y%m%dT%H%M%SZ}", "sequence": str(event.sequence), **given}
        raw = replies.message(shape, uid=uid, key=key, attendee=address, **given)
        raw = raw.replace(b"mx.programme.example", b"mx.programme.example.ac.uk")
        raw = b"X-Came: again\r\n" + raw if is_again else raw
        taken = take_in(session, raw, room=room, now=at)
        session.commit()
        return taken

    return came


def name_of(session: Session, row: Registration) -> str:
    """The name of the newest letter about a registration, as it goes out."""
    about = (OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id == row.id)
    letter = session.scalars(select(OutboxMessage).where(*about).order_by(OutboxMessage.id.desc())).first()
    assert letter is not None
    letter.message_id = letter.message_id or f"<letter-{letter.id}@programme.example.ac.uk>"
    session.flush()
    return letter.message_id


def answers(session: Session) -> dict[str, str]:
    """What the roll shows, by address."""
    rows = select(Registration.address, SeatReply.answer).join(Seat, Seat.registration_id == Registration.id)
    return {address: answer.value for address, answer in session.execute(rows.join(SeatReply))}


def tray(session: Session) -> list[OddReply]:
    """What waits for people."""
    return list(session.scalars(select(OddReply).where(OddReply.state == TrayState.WAITING).order_by(OddReply.id)))


def meanings(session: Session) -> list[Meaning]:
    """What came in."""
    return list(session.scalars(select(InboxMessage.meaning).order_by(InboxMessage.id)))
