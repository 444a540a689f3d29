"""What flows of registering are tested on: the cast, an opening, and people who register in one line."""

from collections.abc import Callable
from datetime import datetime
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.flows.registering import SignedUp, SignUp, sign_up
from programme.people.models import Person
from programme.people.permissions import NOBODY, Actor
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast

NOW = LONG_AGO.replace(day=10)
Enter = Callable[..., SignedUp]
KEYS = count()


@pytest.fixture
def people(session: Session) -> Cast:
    """The cast."""
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """One place at a talk in February."""
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=1)
    session.commit()
    return row


@pytest.fixture
def enter(session: Session) -> Enter:
    """Register somebody as a guest, or as `actor`."""

    def entered(opening: Opening, address: str, *, actor: Actor = NOBODY, now: datetime = NOW) -> SignedUp:
        sent = SignUp(name=address.title(), address=address, organisation_id=None, answers={}, form_key=str(next(KEYS)))
        done = sign_up(session, opening.id, sent, actor=actor, now=now)
        session.commit()
        return done

    return entered


def actor_for(person: Person) -> Actor:
    """Somebody signed in, without any role."""
    return Actor(person_id=person.id, name=person.name, address=person.address)


def states(session: Session) -> dict[str, str]:
    """The state of each registration by address, oldest first."""
    session.expire_all()
    return {row.address: row.state.value for row in session.scalars(select(Registration).order_by(Registration.id))}


def letters(session: Session) -> list[tuple[str, str]]:
    """Every letter in the outbox as (kind, address), oldest first."""
    rows = session.execute(select(OutboxMessage.letter, OutboxMessage.recipient).order_by(OutboxMessage.id))
    return [(letter, recipient) for letter, recipient in rows]
