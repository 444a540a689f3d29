"""Asking the rooms above about a message that is no report, with the letters that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from programme.engines.mail.addresses.reading.reader import COMES_TO, MESSAGE_ID, found_in
from programme.engines.mail.addresses.verp import is_ours, tokens_in
from programme.engines.mail.answering.ports import Incoming
from programme.engines.mail.models import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.addresses.reading.parts import Fields, Part
    from programme.engines.mail.ports import MailRoom

MOST_NAMES = 30


def taken_by_others(session: Session, whole: Part, *, room: MailRoom, now: datetime) -> str | None:
    """Return in a sentence what a room above did about a message; None where none of them takes it."""
    if not room.answers:
        return None
    message = Incoming(whole, letters_named(session, whole.fields, room=room))
    told = (takes(session, message, now=now) for takes in room.answers)
    return next((words for words in told if words is not None), None)


def letters_named(session: Session, fields: Fields, *, room: MailRoom) -> Sequence[OutboxMessage]:
    """Return the letters of ours that a message answers: by their Message-ID, or by their own return path."""
    names = found_in([fields], MESSAGE_ID, "in-reply-to", "references")[-MOST_NAMES:]
    paths = tokens_in(fields.every(*COMES_TO))[:MOST_NAMES]
    if not (names or paths):
        return ()
    named = or_(OutboxMessage.message_id.in_(names), OutboxMessage.id.in_([path.number for path in paths]))
    rows = session.scalars(select(OutboxMessage).where(named).order_by(OutboxMessage.id).limit(2 * MOST_NAMES)).all()
    proved = {
        row.id
        for row in rows
        for path in paths
        if path.number == row.id and is_ours(path, secret=room.secret, key=row.dedup_key)
    }
    return [row for row in rows if row.message_id in names or row.id in proved]
