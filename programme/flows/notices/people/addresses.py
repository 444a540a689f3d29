"""Letters about one's own address: the link that proves a new one, and word to the old one that it was changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.core.tokens import id_in, is_same, seal
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import URGENT, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links
    from programme.people.models import Person

PROOF, CHANGED = "address_proof", "address_changed"
LINK_LASTS = timedelta(hours=1)
ENDED = "This link opens nothing: each lasts an hour, and is for whoever asked for it. Ask for a new one."
EXAMPLE_END = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)


def send_proof(session: Session, person: Person, address: str, *, now: datetime) -> None:
    """Queue the letter to an address that somebody wants to have; once a minute at most."""
    letter = Post(
        letter=PROOF,
        key=f"{PROOF}:{person.id}:{hashlib.sha256(address.casefold().encode()).hexdigest()[:16]}:{now:%Y%m%d%H%M}",
        recipient=Recipient(address, person.name, person.id),
        subject=("person", person.id),
        valid_until=now + LINK_LASTS,
        priority=URGENT,
    )
    post(session, letter, now=now)


def tell_changed(session: Session, person: Person, former: str, *, now: datetime) -> None:
    """Queue the letter to the old address, which somebody else may read by now: it does not say the new one."""
    letter = Post(
        letter=CHANGED,
        key=f"{CHANGED}:{person.id}:{now:%Y%m%d%H%M%S%f}",
        recipient=Recipient(former, person.name, person.id),
        subject=("person", person.id),
        priority=URGENT,
    )
    post(session, letter, now=now)


def proved_address(session: Session, token: str, *, person_id: int, links: Links, now: datetime) -> str:
    """Return the address that a link proves, for whoever asked for it; raises Refusal."""
    number = id_in(token)
    row = session.get(OutboxMessage, number) if number else None
    if row is None or row.letter != PROOF or row.person_id != person_id or not is_open(row, now):
        raise Refusal(ENDED)
    if not is_same(token, token_of(row, links=links)):
        raise Refusal(ENDED)
    return row.recipient


def is_open(row: OutboxMessage, now: datetime) -> bool:
    """Whether the link of a letter lasts still."""
    return row.valid_until is not None and row.valid_until > now


def token_of(row: OutboxMessage, *, links: Links) -> str:
    """Return the letter's number and a mark that only we can make; whose it is and where it goes are in the mark."""
    return f"{row.id}-{seal(links.secret, f'prove an address:{row.id}:{row.person_id}:{row.recipient}')}"


def compose_proof(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Return the letter while its link lasts."""
    del session
    if not is_open(message, now):
        return None
    path = f"/me/account/address/{token_of(message, links=links)}"
    return Composed({"path": path, "address": message.recipient, "ends_at": message.valid_until})


def proofs_still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose link lasts."""
    del session
    return [row.id for row in messages if is_open(row, now)]


def compose_changed(session: Session, message: OutboxMessage, *, now: datetime) -> Composed:
    """Return the letter to the old address."""
    del session, now
    return Composed({"name": message.recipient_name, "address": message.recipient})


def always_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return every id: that an address was changed is told whatever came after."""
    del session, now
    return [row.id for row in messages]


def example_proof() -> Mapping[str, Any]:
    """Return what the letter with the link says in the catalogue."""
    path = "/me/account/address/example"
    return {"path": path, "address": "alice@people.example.org", "ends_at": EXAMPLE_END}


def example_changed() -> Mapping[str, Any]:
    """Return what the letter to the old address says in the catalogue."""
    return {"name": "Alice Aldgrove", "address": "alice@liverpool.example.ac.uk"}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter about one's own address: each is for one address and no other."""
    write = partial(compose_proof, links=links)
    return (
        Letter(
            PROOF,
            "Link to a new address",
            Purpose.SERVICE,
            write,
            example_proof,
            is_private=True,
            still_wanted=proofs_still_wanted,
        ),
        Letter(
            CHANGED,
            "An address was changed",
            Purpose.SERVICE,
            compose_changed,
            example_changed,
            is_private=True,
            still_wanted=always_wanted,
        ),
    )
