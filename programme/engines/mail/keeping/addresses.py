"""What is kept on an address: that it gets no letters, what came back from it, and what its owner chose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select, update

from programme.engines.mail.addresses.models import InboxMessage, LetterChoice, Suppression
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.keeping.plugs import to
from programme.engines.mail.models import OutboxMessage
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

INBOX_KEPT = timedelta(days=30)
STAYS = "so that nobody writes there again against your wish; only a hash of the address is kept"


class AddressesKept:
    """Addresses that get no letters, what came to the inbox, and what people chose."""

    tables = frozenset({"suppression", "inbox_message", "letter_choice"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give what somebody chose, which letters they do not get and why, and what came back from them."""
        yield Section("choices about letters", choices(session, who))
        yield Section("letters not sent to you", suppressions(session, who))
        yield Section("messages that came back", returns(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that a wish to get no letters outlives the account."""
        yield Fate("What you chose about letters")
        if session.scalar(select(Suppression.id).where(standing(who)).limit(1)) is not None:
            yield Fate("That your address gets no letters", STAYS)

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Forget choices and what came back; of a suppression only the hash stays."""
        del now
        session.execute(delete(LetterChoice).where(LetterChoice.person_id == who.person_id))
        emptied = {"address": "", "detail": "", "outbox_message_id": None}
        session.execute(update(Suppression).where(of_theirs(who)).values(emptied))
        session.execute(delete(InboxMessage).where(about(who)))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Forget what came back a month ago, and what was lifted a year ago."""
        came = select(InboxMessage.id).where(InboxMessage.came_at < now - INBOX_KEPT).limit(AT_ONCE)
        lifted = select(Suppression.id).where(Suppression.lifted_at < now - times.letters).limit(AT_ONCE)
        gone = 0
        for table, chosen in ((InboxMessage, came), (Suppression, lifted)):
            ids = session.scalars(chosen).all()
            if ids:
                session.execute(delete(table).where(table.id.in_(ids)))
            gone += len(ids)
        return gone


def standing(who: Subject) -> ColumnElement[bool]:
    """Whether a suppression of somebody's address is in force."""
    return of_theirs(who) & Suppression.lifted_at.is_(None)


def of_theirs(who: Subject) -> ColumnElement[bool]:
    """Whether a suppression is of somebody's address, or of one that a letter to them went to."""
    own = Suppression.address_hash == address_hash(who.address)
    return or_(own, Suppression.outbox_message_id.in_(select(OutboxMessage.id).where(to(who))))


def about(who: Subject) -> ColumnElement[bool]:
    """Whether a message is from somebody, about a letter to them, or has their address in its words."""
    words = func.lower(InboxMessage.detail).contains(who.key, autoescape=True)
    of_letter = InboxMessage.outbox_message_id.in_(select(OutboxMessage.id).where(to(who)))
    return or_(func.lower(InboxMessage.sender) == who.key, of_letter, words)


def choices(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what somebody chose."""
    for row in session.scalars(select(LetterChoice).where(LetterChoice.person_id == who.person_id)):
        yield {
            "one letter a day": row.wants_digest,
            "quiet from": row.quiet_from,
            "quiet until": row.quiet_until,
            "morning letter": row.wants_morning,
            "news since": iso(row.news_since),
            "agreed to": row.news_words,
        }


def suppressions(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give which letters an address does not get."""
    for row in session.scalars(select(Suppression).where(of_theirs(who)).order_by(Suppression.id)):
        yield {
            "letters": row.scope.value,
            "because": row.cause.value,
            "detail": row.detail,
            "since": iso(row.since),
            "lifted": iso(row.lifted_at),
        }


def returns(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what came from somebody's address, or back from it."""
    for row in session.scalars(select(InboxMessage).where(about(who)).order_by(InboxMessage.id)):
        yield {
            "came": iso(row.came_at),
            "subject": row.subject_line,
            "understood as": row.meaning.value,
            "said": row.detail,
        }


ADDRESSES = AddressesKept()
