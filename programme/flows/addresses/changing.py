"""One's own address: asked for, proved by a link that goes there, then changed wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.mail.addresses.states import OWN_WISHES
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.addresses.suppression.suppressing import standing_by_hash, suppress
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.actions import lock_all
from programme.engines.registration.models import Opening, Registration
from programme.flows.addresses.readdressing import WAITING, follow
from programme.flows.granting.handing_over import changes
from programme.flows.notices.people.addresses import send_proof, tell_changed
from programme.people.affiliations import address_key, change_address
from programme.people.models import Person, SignInLink

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

SAME = "This is your address already."


def ask(session: Session, person: Person, address: str, *, now: datetime) -> None:
    """Send a link to the new address: nothing changes until it is opened there by whoever asked."""
    if address_key(address) == person.address_key:
        raise Refusal(SAME, field="address")
    send_proof(session, person, address.strip(), now=now)


def change(session: Session, person_id: int, address: str, *, private: Collection[str], now: datetime) -> Person:
    """Change somebody's address to one that they have just shown to read; raises Refusal where it is another's.

    With it go their registrations, what they look after, their wish for no news, and every letter that waits for them
    but those of the kinds in `private`. Links to sign in that went to the old address open nothing any more.
    """
    person = session.get_one(Person, person_id)
    former = person.address
    if address_key(address) == person.address_key:
        raise Refusal(SAME)
    change_contacts(session, person.address_key, address, now=now)
    session.refresh(person, with_for_update=True)
    change_address(session, person, address, now=now)
    session.execute(update(Registration).where(Registration.person_id == person.id).values(address=person.address))
    session.execute(delete(SignInLink).where(SignInLink.person_id == person.id, SignInLink.used_at.is_(None)))
    take_wishes_along(session, former, person.address, now=now)
    follow(session, now, private=private, person_id=person.id)
    tell_changed(session, person, former, now=now)
    audit.record(session, person_id=person.id, verb="changed their address", subject=("person", person.id), now=now)
    return person


def change_contacts(session: Session, key: str, address: str, *, now: datetime) -> None:
    """Let people who ask about events, series and openings reach their contact, and answers to letters that wait."""
    mine = func.lower(Opening.contact_address) == key
    lock_all(session, session.scalars(select(Opening.id).where(mine)).all())
    for model, more in changes(now):
        held = func.lower(model.contact_address) == key
        session.execute(update(model).where(held).values(contact_address=address, **more))
    waiting = (OutboxMessage.state.in_(WAITING), func.lower(OutboxMessage.reply_to) == key)
    session.execute(update(OutboxMessage).where(*waiting).values(reply_to=address))


def take_wishes_along(session: Session, former: str, address: str, *, now: datetime) -> None:
    """Let what somebody declined at the old address be declined at the new one; what bounced there stays there."""
    key = address_hash(former)
    for scope, row in standing_by_hash(session, [key]).get(key, {}).items():
        if row.cause in OWN_WISHES:
            suppress(session, address, scope=scope, cause=row.cause, now=now)
