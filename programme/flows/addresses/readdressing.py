"""Letters that wait follow their person: whoever has another address gets them there, and nobody at the old one.

What is on its way is left alone. If it comes back into the queue, `follow` puts it right before it is tried again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Recipient
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

WAITING = (OutboxState.PENDING, OutboxState.HELD)


def follow(session: Session, now: datetime, *, private: Collection[str], person_id: int | None = None) -> int:
    """Let letters that wait go to where their people are now, and return how many went elsewhere.

    `private` are the kinds that are meant for one address and no other: a link that proves it goes there or nowhere.
    """
    return follow_people(session, now, private=private, person_id=person_id) + follow_registrations(session, now)


def follow_people(session: Session, now: datetime, *, private: Collection[str], person_id: int | None) -> int:
    """Let letters follow people whose address is another by now."""
    elsewhere = func.lower(OutboxMessage.recipient) != func.lower(Person.address)
    found = (
        select(OutboxMessage, Person.address)
        .join(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.state.in_(WAITING), OutboxMessage.letter.not_in(private), Person.address != "", elsewhere)
    )
    if person_id is not None:
        found = found.where(Person.id == person_id)
    rows = session.execute(found.order_by(OutboxMessage.id).with_for_update(of=OutboxMessage)).all()
    for row, address in rows:
        readdress(row, Recipient(address, row.recipient_name, row.person_id), now=now)
    session.flush()
    return len(rows)


def follow_registrations(session: Session, now: datetime) -> int:
    """Let letters about a registration follow it to the person whose it is by now."""
    about = and_(OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id == Registration.id)
    found = (
        select(OutboxMessage, Registration)
        .join(Registration, about)
        .where(OutboxMessage.state.in_(WAITING), Registration.person_id != OutboxMessage.person_id)
    )
    rows = session.execute(found.order_by(OutboxMessage.id).with_for_update(of=OutboxMessage)).all()
    for row, registration in rows:
        readdress(row, Recipient(registration.address, registration.name, registration.person_id), now=now)
    session.flush()
    return len(rows)


def hand_on(session: Session, chosen: ColumnElement[bool], recipient: Recipient, *, now: datetime) -> None:
    """Let chosen letters that wait go to somebody else."""
    waiting = select(OutboxMessage).where(OutboxMessage.state.in_(WAITING), chosen).order_by(OutboxMessage.id)
    for row in session.scalars(waiting.with_for_update()):
        readdress(row, recipient, now=now)
    session.flush()


def readdress(row: OutboxMessage, recipient: Recipient, *, now: datetime) -> None:
    """Write another address on a letter; what was tried in vain at the old one begins afresh."""
    row.recipient, row.recipient_name, row.person_id = recipient.address, recipient.name[:200], recipient.person_id
    if row.attempts:
        row.attempts, row.last_code, row.last_error, row.due_at = 0, None, "", now
