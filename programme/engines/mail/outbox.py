"""The outbox: letters are put here in the transaction of the act they tell of, under a key that forbids twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

URGENT, USUAL, BULK = 1, 5, 9


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a letter goes."""

    address: str
    name: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A letter to put into the outbox.

    `key` makes it unique for ever. `subject` is the (kind, id) it is about. `sender_name` and `reply_to` are the
    organiser's. `valid_until` is when it stops being useful; past it, it expires unsent.
    """

    letter: str
    key: str
    recipient: Recipient
    subject: tuple[str, int]
    context: dict[str, Any] = field(default_factory=dict)
    sender_name: str = ""
    reply_to: str = ""
    organisation_id: int | None = None
    due_at: datetime | None = None
    valid_until: datetime | None = None
    priority: int = USUAL
    rule_id: int | None = None


def post(session: Session, letter: Post, *, now: datetime) -> bool:
    """Queue one letter; False where its key was used before."""
    return post_all(session, [letter], now=now) == 1


def post_all(session: Session, letters: list[Post], *, now: datetime) -> int:
    """Queue letters in one statement and return how many were new.

    A row that was cancelled before it was ever tried gives its key back: what stopped being wanted and is wanted
    again (an event moved there and back) goes out after all.
    """
    if not letters:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(OutboxMessage).values([values_of(letter, now) for letter in letters])
    renewed = {
        name: getattr(statement.excluded, name)
        for name in ("recipient", "context", "due_at", "valid_until", "created_at")
    }
    statement = statement.on_conflict_do_update(
        index_elements=["dedup_key"],
        set_={"state": OutboxState.PENDING, **renewed},
        where=(OutboxMessage.state == OutboxState.CANCELLED) & (OutboxMessage.attempts == 0),
    )
    return len(session.execute(statement.returning(OutboxMessage.id)).all())


def values_of(letter: Post, now: datetime) -> dict[str, Any]:
    """Return the row for `letter`."""
    return {
        "dedup_key": letter.key,
        "letter": letter.letter,
        "recipient": letter.recipient.address,
        "recipient_name": letter.recipient.name[:200],
        "person_id": letter.recipient.person_id,
        "organisation_id": letter.organisation_id,
        "subject_kind": letter.subject[0],
        "subject_id": letter.subject[1],
        "rule_id": letter.rule_id,
        "context": letter.context,
        "sender_name": letter.sender_name[:200],
        "reply_to": letter.reply_to,
        "subject_line": "",
        "state": OutboxState.PENDING,
        "priority": letter.priority,
        "created_at": now,
        "due_at": letter.due_at or now,
        "valid_until": letter.valid_until,
        "attempts": 0,
        "ambiguous_count": 0,
        "last_error": "",
        "queue_id": "",
    }
