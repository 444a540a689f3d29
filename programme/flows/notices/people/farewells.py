"""The last letter: everything about somebody is deleted, and what was cancelled by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.keeping.plugs import FAREWELL
from programme.engines.mail.outbox import URGENT, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.people.keeping.ports import Subject

SUBJECT = "farewell"


def tell_gone(session: Session, who: Subject, cancelled: Sequence[str], *, is_account: bool, now: datetime) -> None:
    """Queue the last letter; it carries all it says, as nothing is left to read it from, and goes once it has left."""
    letter = Post(
        letter=FAREWELL,
        key=f"{FAREWELL}:{who.person_id}:{now.isoformat()}",
        recipient=Recipient(who.address, who.name),
        subject=(SUBJECT, who.person_id),
        context={"cancelled": list(cancelled), "is_account": is_account},
        priority=URGENT,
    )
    post(session, letter, now=now)


def compose(session: Session, message: OutboxMessage, *, now: datetime) -> Composed:
    """Write the letter as it was meant."""
    del session, now
    return Composed({"name": message.recipient_name, "cancelled": [], "is_account": True, **message.context})


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return every id: nothing is left that could overtake the last letter."""
    del session, now
    return [message.id for message in messages]


def example() -> Mapping[str, Any]:
    """Return what the letter says in the catalogue."""
    return {"name": "Alice Aldgrove", "cancelled": ["Quantum sensing for chemists"], "is_account": True}


LETTERS = (
    Letter(
        FAREWELL,
        "Everything about you is deleted",
        Purpose.SERVICE,
        compose,
        example,
        is_private=True,
        still_wanted=still_wanted,
    ),
)
