"""Letters: captured, in the outbox, declined, in other words; an address to prove, groups and broadcasts."""

from dataclasses import replace

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.engines.mail.addresses.unsubscribing import token
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.mail.states import BroadcastState, Scope
from programme.engines.mail.written.models import Broadcast, Wording
from programme.flows.addresses import changing
from programme.flows.notices.people import addresses
from programme.people.groups.models import Group
from programme.people.models import Person


def mailed(app: Flask, session: Session, organisation_id: int) -> dict[str, str]:
    """Return letters: one captured, one in the outbox of an organisation, and the secret that declines one."""
    own = select(OutboxMessage.id).where(OutboxMessage.organisation_id == organisation_id)
    return {
        "letter_id": str(session.scalars(select(CapturedMail.id)).first()),
        "message_id": str(session.scalars(own).first()),
        "letter_token": declined(app, session),
        "address_token": proof(app, session),
    }


def proof(app: Flask, session: Session) -> str:
    """Let the participant ask for another address, and return the secret in the letter that goes there."""
    person = session.scalars(select(Person).where(Person.address == people.RESEARCHERS[0].address)).one()
    changing.ask(session, person, "rowan@people.example.org", now=clock.now())
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == addresses.PROOF)).one()
    return addresses.token_of(row, links=app.extensions["links"])


def reworded(session: Session) -> str:
    """Put a kind of letter into other words, and return its name."""
    words = {"letter": "registration_confirmed", "passage": "subject_to_keep", "text": "Do you come? {title}"}
    session.add(Wording(**words, changed_at=clock.now()))
    return words["letter"]


def declined(app: Flask, session: Session) -> str:
    """Return the secret by which a letter is declined; its kind is one that may be."""
    room = app.extensions["mail_room"]
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "registration_confirmed")).first()
    assert row is not None
    kinds = {**room.letters, row.letter: replace(room.letters[row.letter], declinable=Scope.MARKETING)}
    app.extensions["mail_room"] = room = replace(room, letters=kinds)
    return token(room, row)


def written(session: Session) -> dict[str, str]:
    """Return examples of what organisers keep for writing to many."""
    draft = select(Broadcast.id).where(Broadcast.state == BroadcastState.DRAFT)
    return {
        "group_id": str(session.scalars(select(Group.id)).first()),
        "broadcast_id": str(session.scalars(draft).first()),
    }
