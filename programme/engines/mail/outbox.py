"""The outbox: letters are put here in the transaction of the act they tell of, under a key that forbids twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.dml import ReturningInsert

    from programme.people.states import Strand

URGENT, USUAL, BULK = 1, 5, 9
COPY = "again:"
"""What the keys of letters begin with that an organiser sends once more."""
RENEWED = ("recipient", "recipient_name", "rule_id", "context", "due_at", "valid_until", "created_at")
LONGEST_KEY = 200
Insert = sqlite.Insert | postgresql.Insert


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
    organiser's; organisers of `organisation_id` and `strand` see it in their outbox. `valid_until` is when it stops
    being useful; past it, it expires unsent. Secrets in `context` stand under the key `token`: they are shown to
    nobody and forgotten once the letter is sent.
    """

    letter: str
    key: str
    recipient: Recipient
    subject: tuple[str, int]
    context: dict[str, Any] = field(default_factory=dict)
    sender_name: str = ""
    reply_to: str = ""
    organisation_id: int | None = None
    strand: Strand | None = None
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
    statement = insertion(session.get_bind().dialect.name)
    return len(session.execute(statement, [values_of(letter, now) for letter in letters]).all())


def post_selected(session: Session, rows: Select[Any]) -> int:
    """Queue one letter for each row that `rows` finds, in one statement, and return how many were new.

    The columns of `rows` bear the names of the outbox's own; what they leave out takes its default.
    """
    names = [str(column.key) for column in rows.selected_columns]
    return queued(session, insert_into(session).from_select(names, rows))


def insert_into(session: Session) -> Insert:
    """Return an insertion into the outbox as this database says it."""
    return (sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert)(OutboxMessage)


def queued(session: Session, statement: Insert) -> int:
    """Insert what `statement` says, and return how many letters are new."""
    return len(session.execute(minding_keys(statement)).all())


@cache
def insertion(dialect: str) -> ReturningInsert[Any]:
    """Return the statement that queues given letters: built once, as building it costs more than running it."""
    table = OutboxMessage.__table__
    return minding_keys((sqlite.insert if dialect == "sqlite" else postgresql.insert)(table))  # type: ignore[arg-type]


def minding_keys(statement: Insert) -> ReturningInsert[Any]:
    """Return the insertion so that a key that is taken stays taken, unless its letter gives it back."""
    renewed = {name: getattr(statement.excluded, name) for name in RENEWED}
    statement = statement.on_conflict_do_update(
        index_elements=["dedup_key"], set_={"state": OutboxState.PENDING, **renewed}, where=gives_its_key_back()
    )
    return statement.returning(OutboxMessage.id)


def gives_its_key_back() -> ColumnElement[bool]:
    """Whether a row was cancelled before it was ever tried, and not by an organiser's hand."""
    return (
        (OutboxMessage.state == OutboxState.CANCELLED)
        & (OutboxMessage.attempts == 0)
        & OutboxMessage.withdrawn_at.is_(None)
    )


def fitting(key: str) -> str:
    """Return a key as the column holds it: one with a long address in it is told from others by its digest."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}#{digest}"


def values_of(letter: Post, now: datetime) -> dict[str, Any]:
    """Return the row for `letter`."""
    return {
        "dedup_key": fitting(letter.key),
        "letter": letter.letter,
        "recipient": letter.recipient.address,
        "recipient_name": letter.recipient.name[:200],
        "person_id": letter.recipient.person_id,
        "organisation_id": letter.organisation_id,
        "strand": letter.strand,
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
