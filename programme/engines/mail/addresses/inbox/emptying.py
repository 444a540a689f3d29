"""Emptying the mailbox of bounces: each message in a transaction of its own, and marked only once that is committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from programme.core.database import begin_writing
from programme.engines.mail.addresses.inbox.mailbox import InboxFault, Mailbox
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.addresses.taking_in import take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import MailRoom

MOST_MESSAGES = 100
MOST_OCTETS = 20_000_000
"""What one tick reads at most; the next one goes on."""
MESSAGES_OWN_FAULTS = (DataError, IntegrityError)
"""Any other error of the database is no message's: it is away, or its schema is of another release."""
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Emptied:
    """How many messages were taken in, and the trouble that ended it, if any."""

    count: int = 0
    trouble: str = ""


def empty(factory: Callable[[], Session], room: MailRoom, *, now: Callable[[], datetime]) -> Emptied:
    """Take in what nobody has read yet; whatever is wrong with the mail server is told, and what was done stays done.

    Raises where the database is away: then nothing more is marked.
    """
    done = Emptied()
    if room.inbox is None:
        return done
    try:
        with Mailbox(room.inbox) as mailbox:
            read_some(mailbox, factory, room, done, now=now)
    except InboxFault as fault:
        done.trouble = str(fault)
    return done


def read_some(
    mailbox: Mailbox, factory: Callable[[], Session], room: MailRoom, done: Emptied, *, now: Callable[[], datetime]
) -> None:
    """Take in the first messages, up to the bounds of a tick."""
    octets = 0
    for number in mailbox.unread(most=MOST_MESSAGES):
        raw = mailbox.message(number)
        if raw is None:
            continue
        mailbox.note(number, is_understood=is_understood(factory, room, raw, now=now()))
        done.count, octets = done.count + 1, octets + len(raw)
        if octets > MOST_OCTETS:
            break


def is_understood(factory: Callable[[], Session], room: MailRoom, raw: bytes, *, now: datetime) -> bool:
    """Take one message in; a poisoned one is left to people, so that it stops no other."""
    with factory() as session:
        try:
            begin_writing(session)
            taken = take_in(session, raw, room=room, now=now)
            session.commit()
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, MESSAGES_OWN_FAULTS):
                raise
            log.exception("message_cannot_be_taken_in")
            return False
    return taken.meaning is not Meaning.UNKNOWN
