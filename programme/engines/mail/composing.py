"""From a row of the outbox to what the letter says now, through its kind's `compose` and templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import make_transient

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.wire.messages import Body, Head, build, header_text, message_id
from programme.engines.mail.wire.plain import laid_out
from programme.engines.mail.wire.stencils import Stencil, digest_of, marks_for, stencil
from programme.engines.mail.written.bodies import keep_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import Composed, Letter, MailRoom

SECRET = "token"  # noqa: S105  the name of the key, not a secret
MASK = "hidden"
KEYS_IN_ADDRESSES = re.compile(r"(/(?:registrations|sign-in|feeds)/)[\w.~%-]{20,}")


class UnknownLetter(Exception):  # noqa: N818  the row is at fault, not the code
    """A row names a kind of letter that the catalogue does not have."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What one of many letters says: the stencil they have in common, and this one's blanks."""

    stencil: Stencil
    blanks: Mapping[str, str]

    @property
    def subject(self) -> str:
        """The subject, which all have in common."""
        return self.stencil.body.subject


Draft = Body | Filled | str
"""What a letter says now, or why it cannot be written."""


def write(session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime) -> Body | None:
    """Return what `message` says now; None where it is no longer wanted.

    Raises whatever its kind's `compose` or templates raise: such a letter is poison.
    """
    letter = letter_of(message, room=room)
    composed = letter.compose(session, message, now=now)
    return None if composed is None else rendered(letter, composed, message=message, room=room)


def draft_of(session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime) -> Body | str | None:
    """Return what one letter says now, why it cannot be written, or None where it is no longer wanted."""
    try:
        with session.begin_nested():
            return write(session, message, room=room, now=now)
    except Exception as error:
        if is_database_away(error):
            raise
        return why_not(error)


def why_not(error: Exception) -> str:
    """Say why a letter cannot be written."""
    return f"This letter cannot be written: {type(error).__name__}: {error}"


def filled_or_why(
    session: Session, letter: Letter, messages: Sequence[OutboxMessage], *, room: MailRoom, now: datetime
) -> dict[int, Draft]:
    """Return what letters of a kind say now, asked for all at once, or why one cannot be written.

    Where asking for all fails, each is asked for by itself: one that is poison spoils no other.
    """
    if letter.compose_all is None:
        raise TypeError(f"Letters of the kind {letter.name} are written one by one.")
    try:
        with session.begin_nested():
            found = letter.compose_all(session, messages, now=now)
    except Exception as error:
        if is_database_away(error):
            raise
        drafts = {row.id: draft_of(session, row, room=room, now=now) for row in messages}
        return {row_id: draft for row_id, draft in drafts.items() if draft is not None}
    said = {row.id: row for row in messages if row.id in found}
    return {row_id: filled(letter, found[row_id], message=row, room=room) for row_id, row in said.items()}


def filled(letter: Letter, composed: Composed, *, message: OutboxMessage, room: MailRoom) -> Draft:
    """Fill the blanks of what the letter has in common with others, or write it by itself where it has nothing."""
    blanks = composed.blanks
    try:
        if not composed.stencil or not all(blanks.values()) or not message.recipient.isascii():
            return rendered(letter, with_blanks(composed), message=message, room=room)
        return Filled(stencil_for(letter, composed, message=message, room=room), blanks)
    except Exception as error:
        if is_database_away(error):
            raise
        return why_not(error)


def with_blanks(composed: Composed) -> Composed:
    """Return what a letter says with its blanks among its variables."""
    return replace(composed, variables={**composed.variables, **composed.blanks})


def stencil_for(letter: Letter, composed: Composed, *, message: OutboxMessage, room: MailRoom) -> Stencil:
    """Return the stencil of a letter, serialised where it is the first of its kind."""
    key = (letter.name, composed.stencil, message.sender_name, message.reply_to, tuple(sorted(composed.blanks)))
    known = room.stencils.get(key)
    if known is None:
        marks = marks_for(composed.blanks)
        body = raw(letter, replace(composed, variables={**composed.variables, **marks.by_blank}), room=room)
        known = room.stencils.keep(key, stencil(body, marks=marks, head=head_of(message, room=room)))
    return known


def is_database_away(error: Exception) -> bool:
    """Whether it is the database's trouble and no letter's."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def preview(session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime) -> Body | None:
    """Return what `message` would say now, with its secrets hidden: for organisers' eyes."""
    body = write(session, stranger(message), room=room, now=now)
    return None if body is None else replace(body, text=without_keys(body.text), html=without_keys(body.html))


def bytes_of(message: OutboxMessage, said: Body | Filled, *, room: MailRoom) -> bytes:
    """Return `message` as it goes over the wire; raises Unsendable where it cannot."""
    head = head_of(message, room=room)
    return said.stencil.filled(head, said.blanks) if isinstance(said, Filled) else build(head, said)


def head_of(message: OutboxMessage, *, room: MailRoom) -> Head:
    """Return what the headers of `message` are made of."""
    return Head(
        sender=room.mail_from,
        sender_name=message.sender_name or "Liverpool–Oxford programme",
        reply_to=message.reply_to,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        message_id=message.message_id or message_id_of(message, room=room),
        date=message.created_at,
    )


def message_id_of(message: OutboxMessage, *, room: MailRoom) -> str:
    """Return the Message-ID that every try of this row carries."""
    return message_id(message.dedup_key, secret=room.secret, sender=room.mail_from)


def letter_of(message: OutboxMessage, *, room: MailRoom) -> Letter:
    """Return the kind of `message`."""
    found = letter_of_name(message.letter, room=room)
    if found is None:
        raise UnknownLetter(f"There is no kind of letter called {message.letter}.")
    return found


def letter_of_name(name: str, *, room: MailRoom) -> Letter | None:
    """Return the kind of letter of that name, if there is one."""
    return room.letters.get(name)


def rendered(letter: Letter, composed: Composed, *, message: OutboxMessage, room: MailRoom) -> Body:
    """Fill the three templates, and lay the text out."""
    variables = {"recipient_name": message.recipient_name, **composed.variables}
    body = raw(letter, replace(composed, variables=variables), room=room)
    return replace(body, text=laid_out(body.text))


def raw(letter: Letter, composed: Composed, *, room: MailRoom) -> Body:
    """Fill the three templates; the text is not laid out yet."""
    place = f"letters/{letter.name}"
    return Body(
        subject=header_text(room.render(f"{place}/subject.txt", composed.variables)),
        text=room.render(f"{place}/text.txt", composed.variables),
        html=room.render(f"{place}/html.html", composed.variables),
        attachments=composed.attachments,
    )


def kept_body(
    session: Session, said: Body | Filled, *, room: MailRoom, now: datetime
) -> tuple[int, dict[str, str] | None]:
    """Keep what a letter says, without its secrets; returns its number, and the person's own words for the blanks."""
    if not isinstance(said, Filled):
        shown = replace(said, text=without_keys(said.text), html=without_keys(said.html))
        return keep_body(session, shown, digest=digest_of(shown), now=now), None
    bodies, digest = room.stencils.bodies, said.stencil.digest
    if digest not in bodies:
        bodies[digest] = keep_body(session, said.stencil.shown, digest=digest, now=now)
    return bodies[digest], {name: without_keys(value) for name, value in said.blanks.items()}


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
