"""Alice with a place at a talk, and the mail room that sends her letters."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import MailRoom
from programme.engines.registration.models import Opening, Registration
from programme.people.identity import actor_of
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def room(app: Flask) -> MailRoom:
    """The mail room."""
    found: MailRoom = app.extensions["mail_room"]
    return found


@pytest.fixture
def private(room: MailRoom) -> frozenset[str]:
    """The kinds of letter that are for one address and no other."""
    return frozenset(one.name for one in room.letters.values() if one.is_private)


@pytest.fixture
def place(people: Cast, opening: Opening, enter: Enter) -> Registration:
    """Alice's place; the letter about it waits."""
    return enter(opening, people.alice.address, actor=actor_of(people.alice)).registration


def waiting(session: Session, *, at: datetime | None = None) -> list[tuple[str, str]]:
    """Every letter in the outbox, as (kind, address), oldest first."""
    del at
    session.expire_all()
    return [(row.letter, row.recipient) for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]
