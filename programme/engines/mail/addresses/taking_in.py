"""Taking in what came back: read once, written down once, and what it says of its letter and address is done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from programme.engines.mail.addresses.models import InboxMessage
from programme.engines.mail.addresses.reading.parts import ENVELOPE_LINE
from programme.engines.mail.addresses.reading.reader import read
from programme.engines.mail.addresses.reading.reports import refusal
from programme.engines.mail.addresses.states import CAME_BACK, Cause, Meaning
from programme.engines.mail.addresses.suppression.suppressing import SCOPES_OF_A_COMPLAINT, suppress
from programme.engines.mail.addresses.verp import TRIAL, TRIAL_KEY, is_ours, tokens_in
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.addresses.reading.reader import Reading
    from programme.engines.mail.addresses.reading.reports import Report
    from programme.engines.mail.addresses.verp import Token
    from programme.engines.mail.ports import MailRoom

MOST_TOKENS = 10
LONGEST_STATUS, LONGEST_DETAIL = 20, 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What a message was understood as; `is_new` is False where it had been taken in before."""

    meaning: Meaning
    letter_id: int | None = None
    is_new: bool = True
    has_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Which letter a message is about; `meaning` is given where that says more than the message itself."""

    letter: OutboxMessage | None = None
    meaning: Meaning | None = None


def take_in(session: Session, raw: bytes, *, room: MailRoom, now: datetime) -> Taken:
    """Understand a message that came to the address of bounces, and do what follows; a second time changes nothing.

    What names no letter of ours, or names one by a forged token, is written down and believed in nothing.
    """
    reading = read(raw)
    found = found_letter(session, reading, room=room)
    meaning = found.meaning or reading.meaning
    letter_id = found.letter.id if found.letter is not None else None
    if not written_down(session, raw, reading, meaning=meaning, letter_id=letter_id, now=now):
        return Taken(meaning, letter_id, is_new=False)
    has_suppressed = found.letter is not None and follow(session, found.letter, reading.report, now=now)
    return Taken(meaning, letter_id, has_suppressed=has_suppressed)


def found_letter(session: Session, reading: Reading, *, room: MailRoom) -> Found:
    """Return the letter that a message is about: by its own return path, else by its Message-ID as given back."""
    tokens = tokens_in(reading.addresses)[:MOST_TOKENS]
    if not tokens:
        return Found(letter_by_message_id(session, reading, room=room))
    if any(token.number == TRIAL and is_ours(token, secret=room.secret, key=TRIAL_KEY) for token in tokens):
        return Found()
    numbers = [token.number for token in tokens]
    statement = select(OutboxMessage).where(OutboxMessage.id.in_(numbers)).order_by(OutboxMessage.id)
    rows = {row.id: row for row in session.scalars(statement.with_for_update())}
    ours = proved(tokens, rows, room=room)
    if ours is not None:
        return Found(ours)
    return Found(meaning=Meaning.FORGED if rows else Meaning.UNKNOWN)


def proved(tokens: Sequence[Token], rows: dict[int, OutboxMessage], *, room: MailRoom) -> OutboxMessage | None:
    """Return the letter of the first token that we made."""
    letters = ((token, rows[token.number]) for token in tokens if token.number in rows)
    return next((row for token, row in letters if is_ours(token, secret=room.secret, key=row.dedup_key)), None)


def letter_by_message_id(session: Session, reading: Reading, *, room: MailRoom) -> OutboxMessage | None:
    """Return the letter of a Message-ID, or of our own mark where a relay gave the letter another one."""
    domain = room.mail_from.rpartition("@")[2]
    ids = [*reading.message_ids[:MOST_TOKENS], *(f"<{mark}@{domain}>" for mark in reading.marks[:MOST_TOKENS])]
    if not ids:
        return None
    statement = select(OutboxMessage).where(OutboxMessage.message_id.in_(ids)).order_by(OutboxMessage.id).limit(1)
    return session.scalar(statement.with_for_update())


def written_down(
    session: Session, raw: bytes, reading: Reading, *, meaning: Meaning, letter_id: int | None, now: datetime
) -> bool:
    """Write down that a message came; False where it came before."""
    insert = (sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert)(InboxMessage)
    values = {
        "digest": digest_of(raw),
        "meaning": meaning,
        "outbox_message_id": letter_id,
        "sender": reading.sender,
        "subject_line": reading.subject,
        "status": reading.report.status[:LONGEST_STATUS],
        "detail": reading.report.detail[:LONGEST_DETAIL],
        "came_at": now,
    }
    once = insert.values(values).on_conflict_do_nothing(index_elements=["digest"]).returning(InboxMessage.id)
    return session.execute(once).first() is not None


def digest_of(raw: bytes) -> str:
    """Return what knows a message again, however it came: by a pipe it has a line more, and other ends of lines."""
    unified = ENVELOPE_LINE.sub(b"", raw.replace(b"\r\n", b"\n"), count=1)
    return hashlib.sha256(unified.rstrip(b"\n")).hexdigest()


def follow(session: Session, row: OutboxMessage, report: Report, *, now: datetime) -> bool:
    """Do what a report says of a letter of ours; returns whether its address gets no more letters by it."""
    if report.meaning is Meaning.COMPLAINT:
        return complain(session, row, report, now=now)
    if report.meaning not in CAME_BACK:
        return False
    was_hard = row.bounced_at is not None and refusal(row.bounce_status) is Meaning.HARD
    if row.bounced_at is None or (report.meaning is Meaning.HARD and not was_hard):
        row.bounced_at, row.bounce_status = now, report.status[:LONGEST_STATUS]
        row.bounce_detail = report.detail[:LONGEST_DETAIL]
    if report.meaning is not Meaning.HARD or was_hard or not is_about(row, report):
        return False
    everything, bounced = Scope.EVERYTHING, Cause.BOUNCED
    detail = report.detail or report.status
    return suppress(session, row.recipient, scope=everything, cause=bounced, now=now, detail=detail, message_id=row.id)


def complain(session: Session, row: OutboxMessage, report: Report, *, now: datetime) -> bool:
    """Let somebody who called a letter unwanted have no more that they did not ask for."""
    cause, detail = Cause.COMPLAINED, report.detail
    stopped = [
        suppress(session, row.recipient, scope=scope, cause=cause, now=now, detail=detail, message_id=row.id)
        for scope in SCOPES_OF_A_COMPLAINT
    ]
    return any(stopped)


def is_about(row: OutboxMessage, report: Report) -> bool:
    """Whether it is the letter's own address that does not exist.

    An address that leads on to others (a list of colleagues, a forward) works although one behind it does not; a domain
    that is another name of the same one keeps what stands before the @.
    """
    return not report.recipient or mailbox_of(report.recipient) == mailbox_of(row.recipient)


def mailbox_of(address: str) -> str:
    """Return what stands before the @, as mail systems compare it."""
    return address.rpartition("@")[0].partition("+")[0].strip('"').casefold()
