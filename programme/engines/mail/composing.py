"""From a row of the outbox to what the letter says now, through its kind's `compose` and templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import make_transient

from programme.engines.mail.addresses.unsubscribing import declining, unsubscribe_url
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.wire.headers.mailboxes import message_id
from programme.engines.mail.wire.messages import Body, Head, build
from programme.engines.mail.wire.stencils import Stencil, digest_of, marks_for, stencil
from programme.engines.mail.wording.stationery import Stationery, raw, stationery_of, written
from programme.engines.mail.written.bodies import keep_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import Composed, Letter, MailRoom

SECRET = "token"  # noqa: S105  the name of the key, not a secret
MASK = "hidden"
NOTE = "note_above"
"""The key in a letter's context of what an organiser wrote above it."""
SECRET_PLACES = (
    *("registrations", "sign-in", "feeds", "letters", "invitations", "drafts", "feedback", "keys", "check-in"),
    *("me/account/address", "signatures", "references", "destinations"),
)
"""What every address begins with that opens something by the secret in it, and so to its reader alone."""
KEYS_IN_ADDRESSES = re.compile(rf"(/(?:{'|'.join(SECRET_PLACES)})/)[\w.~%-]{{18,}}")


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


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are written: with what the mail room has, on what, and when."""

    room: MailRoom
    now: datetime
    stationery: Stationery


def write(session: Session, message: OutboxMessage, *, desk: Desk) -> Body | None:
    """Return what `message` says now; None where it is no longer wanted.

    Raises whatever its kind's `compose` or templates raise: such a letter is poison.
    """
    letter = letter_of(message, room=desk.room)
    composed = letter.compose(session, message, now=desk.now)
    return None if composed is None else rendered(letter, composed, message=message, desk=desk)


def draft_of(session: Session, message: OutboxMessage, *, desk: Desk) -> Body | str | None:
    """Return what one letter says now, why it cannot be written, or None where it is no longer wanted."""
    try:
        with session.begin_nested():
            return write(session, message, desk=desk)
    except Exception as error:
        if is_database_away(error):
            raise
        return why_not(error)


def why_not(error: Exception) -> str:
    """Say why a letter cannot be written."""
    return f"This letter cannot be written: {type(error).__name__}: {error}"


class Spoilt(Exception):  # noqa: N818  one of the letters is at fault
    """Letters of a kind could not be asked for all at once: they are to be asked for one by one."""

    def __init__(self, letter: str) -> None:
        super().__init__(letter)
        self.letter = letter


def drafts_of(session: Session, letter: Letter, messages: Sequence[OutboxMessage], *, desk: Desk) -> dict[int, Draft]:
    """Return what letters of a kind say now, asked for all at once; raises Spoilt where that fails."""
    if letter.compose_all is None:
        raise Spoilt(letter.name)
    try:
        found = letter.compose_all(session, messages, now=desk.now)
    except Exception as error:
        if is_database_away(error):
            raise
        raise Spoilt(letter.name) from error
    rows = {row.id: row for row in messages if row.id in found}
    return {row_id: filled(letter, found[row_id], message=row, desk=desk) for row_id, row in rows.items()}


def filled(letter: Letter, composed: Composed, *, message: OutboxMessage, desk: Desk) -> Draft:
    """Fill the blanks of what the letter has in common with others, or write it by itself where it has nothing."""
    url = unsubscribe_url(desk.room, message)
    blanks = {**composed.blanks, "unsubscribe_url": url} if url else composed.blanks
    try:
        if not (is_common(composed, blanks) and message.recipient.isascii()) or note_of(message):
            return rendered(letter, with_blanks(composed), message=message, desk=desk)
        common = replace(composed, blanks=blanks)
        return Filled(stencil_for(letter, common, message=message, desk=desk), blanks)
    except Exception as error:
        if is_database_away(error):
            raise
        return why_not(error)


def is_common(composed: Composed, blanks: Mapping[str, str]) -> bool:
    """Whether others say the same but for their blanks; an invitation is for one alone."""
    is_for_one = any(file.is_invitation for file in composed.attachments)
    return bool(composed.stencil) and all(blanks.values()) and not is_for_one


def with_blanks(composed: Composed) -> Composed:
    """Return what a letter says with its blanks among its variables."""
    return replace(composed, variables={**composed.variables, **composed.blanks})


def stencil_for(letter: Letter, composed: Composed, *, message: OutboxMessage, desk: Desk) -> Stencil:
    """Return the stencil of a letter, serialised where it is the first of its kind on this stationery."""
    common = (letter.name, composed.stencil, message.sender_name, message.reply_to)
    key = (*common, tuple(sorted(composed.blanks)), desk.stationery.version)
    known = desk.room.stencils.get(key)
    if known is None:
        marks = marks_for(composed.blanks)
        variables = {**composed.variables, **marks.by_blank}
        files = composed.attachments
        body = raw(letter, variables, room=desk.room, stationery=desk.stationery, attachments=files)
        head = head_of(message, room=desk.room)
        known = desk.room.stencils.keep(key, stencil(body, marks=marks, head=head))
    return known


def is_database_away(error: Exception) -> bool:
    """Whether it is the database's trouble and no letter's."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def said_now(session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime) -> Body | None:
    """Return what one letter says now, on the stationery of now; None where it is no longer wanted."""
    return write(session, message, desk=Desk(room, now, stationery_of(session)))


def preview(session: Session, message: OutboxMessage, *, room: MailRoom, now: datetime) -> Body | None:
    """Return what `message` would say now, with its secrets hidden: for organisers' eyes."""
    body = said_now(session, stranger(message), room=room, now=now)
    return None if body is None else without_secrets(body)


def bytes_of(message: OutboxMessage, said: Body | Filled, *, room: MailRoom) -> bytes:
    """Return `message` as it goes over the wire; raises Unsendable where it cannot."""
    head = head_of(message, room=room)
    return said.stencil.filled(head, said.blanks) if isinstance(said, Filled) else build(head, said)


def head_of(message: OutboxMessage, *, room: MailRoom) -> Head:
    """Return what the headers of `message` are made of."""
    how = declining(room, message)
    return Head(
        sender=room.mail_from,
        sender_name=message.sender_name or "Liverpool–Oxford programme",
        reply_to=message.reply_to,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        message_id=message.message_id or message_id_of(message, room=room),
        date=message.created_at,
        unsubscribe_url=how.url,
        list_id=how.list_id,
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


def rendered(letter: Letter, composed: Composed, *, message: OutboxMessage, desk: Desk) -> Body:
    """Fill the three templates."""
    own = {"recipient_name": message.recipient_name, "unsubscribe_url": unsubscribe_url(desk.room, message)}
    variables, files = {**own, **composed.variables}, composed.attachments
    stationery = replace(desk.stationery, note=note_of(message))
    body = written(letter, variables, room=desk.room, stationery=stationery, attachments=files)
    if not composed.withheld:
        return body
    for_others = {**variables, **composed.withheld}
    others = written(letter, for_others, room=desk.room, stationery=stationery, attachments=files)
    return replace(body, for_others=others)


def note_of(message: OutboxMessage) -> str:
    """Return what an organiser wrote above a letter that is sent again."""
    return str((message.context or {}).get(NOTE, ""))


def kept_body(
    session: Session, said: Body | Filled, *, room: MailRoom, now: datetime
) -> tuple[int, dict[str, str] | None]:
    """Keep what a letter says, without its secrets; returns its number, and the person's own words for the blanks."""
    if not isinstance(said, Filled):
        shown = without_secrets(said)
        return keep_body(session, shown, digest=digest_of(shown), now=now), None
    bodies, digest = room.stencils.bodies, said.stencil.digest
    if digest not in bodies:
        bodies[digest] = keep_body(session, said.stencil.shown, digest=digest, now=now)
    return bodies[digest], {name: without_keys(value) for name, value in said.blanks.items()}


def masked(context: dict[str, Any]) -> dict[str, Any]:
    """Return a letter's context without its secrets."""
    return {key: MASK if key == SECRET or key.endswith(f"_{SECRET}") else value for key, value in context.items()}


def without_secrets(body: Body) -> Body:
    """Return what anybody but its reader may see of a letter."""
    shown = body.for_others or body
    return replace(shown, text=without_keys(shown.text), html=without_keys(shown.html))


def without_keys(text: str) -> str:
    """Return text whose addresses open nothing: a manage link is its owner's alone."""
    return KEYS_IN_ADDRESSES.sub(rf"\g<1>{MASK}", text)


def stranger(message: OutboxMessage) -> OutboxMessage:
    """Return a copy of `message` that no session knows, its secrets hidden."""
    columns = {column.key: getattr(message, column.key) for column in OutboxMessage.__mapper__.column_attrs}
    copy = OutboxMessage(**{**columns, "context": masked(message.context)})
    make_transient(copy)
    return copy
