"""Declining letters by RFC 8058: each has an address of the web that says whose and which letters are meant."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.database import LARGEST_ID
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.addresses.suppression.suppressing import standing_by_hash, suppress, take_back
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import Scope
from programme.engines.mail.wire.headers.mailboxes import on_the_wire
from programme.engines.mail.wishes.choices import choose_news

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.addresses.models import Suppression
    from programme.engines.mail.ports import MailRoom

MARK_OCTETS = 12
LONGEST_TOKEN = 40


@dataclass(frozen=True, slots=True)
class Declining:
    """How a letter is declined: for the headers `List-Unsubscribe` and `List-Id`; empty where it cannot be."""

    url: str = ""
    list_id: str = ""


def declining(room: MailRoom, row: OutboxMessage) -> Declining:
    """Return how a letter is declined."""
    scope = declinable_scope(room, row)
    if scope is None:
        return Declining()
    domain = on_the_wire(room.mail_from).rpartition("@")[2]
    return Declining(unsubscribe_url(room, row), f"{scope.value}.{domain}")


def unsubscribe_url(room: MailRoom, row: OutboxMessage) -> str:
    """Return the address by which a letter is declined, for its header and its last line; empty where it cannot be."""
    return f"{room.base_url}/letters/{token(room, row)}/unsubscribe" if declinable_scope(room, row) else ""


def declinable_scope(room: MailRoom, row: OutboxMessage) -> Scope | None:
    """Return what one declines with a letter; None where it is no such kind."""
    letter = room.letters.get(row.letter)
    return letter.declinable if letter is not None else None


def token(room: MailRoom, row: OutboxMessage) -> str:
    """Return the letter's number and a mark that only we can make; the address is in the mark."""
    told = f"unsubscribe:{row.id}:{address_hash(row.recipient)}"
    digest = hmac.digest(room.secret.encode(), told.encode(), hashlib.sha256)[:MARK_OCTETS]
    return f"{row.id}-{base64.urlsafe_b64encode(digest).decode()}"


def letter_by_token(session: Session, text: str, *, room: MailRoom) -> OutboxMessage | None:
    """Return the letter that a token is of, if it is ours and may be declined; compared in constant time."""
    digits = text.partition("-")[0]
    if len(text) > LONGEST_TOKEN or not (text.isascii() and digits.isdecimal() and 0 < int(digits) <= LARGEST_ID):
        return None
    row = session.get(OutboxMessage, int(digits))
    if row is None or declinable_scope(room, row) is None:
        return None
    return row if hmac.compare_digest(text, token(room, row)) else None


def unsubscribe(session: Session, row: OutboxMessage, *, scope: Scope, now: datetime) -> bool:
    """Let the reader of a letter have no more of its scope; False where they have none already."""
    if scope is Scope.MARKETING:
        choose_news(session, row.person_id, is_wanted=False, now=now)
    cause = Cause.UNSUBSCRIBED
    return suppress(session, row.recipient, scope=scope, cause=cause, now=now, message_id=row.id)


def subscribe(session: Session, row: OutboxMessage, *, scope: Scope, now: datetime) -> bool:
    """Let the reader of a letter have its kind again, as they ask on the page it led to; False where they may not."""
    if not take_back(session, row.recipient, scope=scope, now=now):
        return False
    if scope is Scope.MARKETING:
        choose_news(session, row.person_id, is_wanted=True, now=now)
    return True


def standing_wish(session: Session, row: OutboxMessage, *, scope: Scope) -> Suppression | None:
    """Return what stands against the reader of a letter in its scope."""
    key = address_hash(row.recipient)
    return standing_by_hash(session, [key]).get(key, {}).get(scope)
