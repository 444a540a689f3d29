"""From a row of the outbox to what the letter says now, through its kind's `compose` and templates."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import make_transient

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.wire.messages import Head, build, message_id
from programme.engines.mail.wording.stationery import stationery_of, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import Composed, Letter, MailRoom
    from programme.engines.mail.wire.messages import Body
    from programme.engines.mail.wording.stationery import Stationery

SECRET = "token"  # noqa: S105  the name of the key, not a secret
MASK = "hidden"
KEYS_IN_ADDRESSES = re.compile(r"(/(?:registrations|sign-in|feeds)/)[\w.~%-]{20,}")


class UnknownLetter(Exception):  # noqa: N818  the row is at fault, not the code
    """A row names a kind of letter that the catalogue does not have."""


def write(
    session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime, stationery: Stationery | None = None
) -> Body | None:
    """Return what `message` says now; None where it is no longer wanted. `stationery` is read where none is at hand.

    Raises whatever its kind's `compose` or templates raise: such a letter is poison.
    """
    letter = letter_of(message, room=room)
    composed = letter.compose(session, message, now=now)
    if composed is None:
        return None
    stationery = stationery or stationery_of(session)
    return rendered(letter, composed, message=message, room=room, stationery=stationery)


def drafted(session: Session, ids: Sequence[int], *, room: MailRoom, now: datetime) -> dict[int, Body | str]:
    """Return what letters say now, or why they cannot be written; not those that are no longer wanted or not there."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids))).all()
    stationery = stationery_of(session)
    drafts = {row.id: draft_of(session, row, room=room, now=now, stationery=stationery) for row in rows}
    return {row_id: draft for row_id, draft in drafts.items() if draft is not None}


def draft_of(
    session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime, stationery: Stationery
) -> Body | str | None:
    """Return what one letter says now, why it cannot be written, or None where it is no longer wanted."""
    try:
        with session.begin_nested():
            return write(session, message, room=room, now=now, stationery=stationery)
    except Exception as error:
        if is_database_away(error):
            raise
        return f"This letter cannot be written: {type(error).__name__}: {error}"


def is_database_away(error: Exception) -> bool:
    """Whether it is the database's trouble and no letter's."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def preview(session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime) -> Body | None:
    """Return what `message` would say now, with its secrets hidden: for organisers' eyes."""
    body = write(session, stranger(message), room=room, now=now)
    return None if body is None else replace(body, text=without_keys(body.text), html=without_keys(body.html))


def bytes_of(message: OutboxMessage, body: Body, *, room: MailRoom) -> bytes:
    """Return `message` as it goes over the wire; raises Unsendable where it cannot."""
    head = Head(
        sender=room.mail_from,
        sender_name=message.sender_name or "Liverpool–Oxford programme",
        reply_to=message.reply_to,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        message_id=message.message_id or message_id_of(message, room=room),
        date=message.created_at,
    )
    return build(head, body)


def message_id_of(message: OutboxMessage, *, room: MailRoom) -> str:
    """Return the Message-ID that every try of this row carries."""
    return message_id(message.dedup_key, secret=room.secret, sender=room.mail_from)


def letter_of(message: OutboxMessage, *, room: MailRoom) -> Letter:
    """Return the kind of `message`."""
    if message.letter not in room.letters:
        raise UnknownLetter(f"There is no kind of letter called {message.letter}.")
    return room.letters[message.letter]


def rendered(
    letter: Letter, composed: Composed, *, message: OutboxMessage, room: MailRoom, stationery: Stationery
) -> Body:
    """Fill the three templates."""
    variables = {"recipient_name": message.recipient_name, **composed.variables}
    return written(letter, variables, room=room, stationery=stationery, attachments=composed.attachments)


def masked(context: dict[str, Any]) -> dict[str, Any]:
    """Return a letter's context without its secrets."""
    return {key: MASK if key == SECRET or key.endswith(f"_{SECRET}") else value for key, value in context.items()}


def without_keys(text: str) -> str:
    """Return text whose addresses open nothing: a manage link is its owner's alone."""
    return KEYS_IN_ADDRESSES.sub(rf"\g<1>{MASK}", text)


def stranger(message: OutboxMessage) -> OutboxMessage:
    """Return a copy of `message` that no session knows, its secrets hidden."""
    columns = {column.key: getattr(message, column.key) for column in OutboxMessage.__mapper__.column_attrs}
    copy = OutboxMessage(**{**columns, "context": masked(message.context)})
    make_transient(copy)
    return copy
