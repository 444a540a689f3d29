"""What the mail room keeps on somebody: letters to them, and letters of theirs to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, false, func, or_, select, update

from programme.core.web.words import plural
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.mail.written.bodies import forget, forget_unread, mentions, sent_body
from programme.people.keeping.naming import found_in, names, telling, without
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

PART = 500
FAREWELL = "data_deleted"
"""The kind of letter that says that everything is gone: its address goes when it has left."""
ON_ITS_WAY = (OutboxState.PENDING, OutboxState.SENDING)


class LettersKept:
    """The outbox, and what was captured instead of sent."""

    tables = frozenset({"outbox_message", "captured_mail", "letter_body"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give which letters went to somebody, and when."""
        yield Section("letters", letters(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that they go."""
        number = session.scalar(select(func.count()).select_from(OutboxMessage).where(to(who))) or 0
        if number:
            yield Fate(f"The list of e-mails we sent: {plural(number, 'e-mail')}")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete the letters to somebody, and take their name out of letters to others, sent or about to be."""
        del now
        forget_letters(session, to(who))
        session.execute(delete(CapturedMail).where(func.lower(CapturedMail.recipient) == who.key))
        forget_said(session, who)
        for column, told in ((OutboxMessage.sender_name, who.name), (OutboxMessage.reply_to, who.address)):
            if told:
                session.execute(update(OutboxMessage).where(column == told).values({column: ""}))
        for row in session.scalars(select(OutboxMessage).where(names(OutboxMessage.context, who))):
            row.context = without(row.context, who)
        session.flush()

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Delete letters kept long enough, and farewells that have left; what was captured has its own time."""
        old = OutboxMessage.created_at < now - times.letters
        left = and_(OutboxMessage.letter == FAREWELL, OutboxMessage.state.not_in(ON_ITS_WAY))
        chosen = select(OutboxMessage.id).where(or_(old, left)).order_by(OutboxMessage.id).limit(AT_ONCE)
        ids = session.scalars(chosen).all()
        if ids:
            retire_letters(session, OutboxMessage.id.in_(ids))
        return len(ids)


def forget_said(session: Session, who: Subject) -> None:
    """Take somebody out of what letters to others say, of the list of their subjects, and of what was captured."""
    named, texts = subjects_naming(session, who), mentions(session, telling(who))
    for start in range(0, len(named), PART):
        part = OutboxMessage.id.in_(named[start : start + PART])
        forget_captured(session, part)
        for row in session.scalars(select(OutboxMessage).where(part)):
            row.subject_line = without(row.subject_line, who)
    for start in range(0, len(texts), PART):
        forget_captured(session, OutboxMessage.body_id.in_(texts[start : start + PART]))
    forget(session, texts)


def subjects_naming(session: Session, who: Subject) -> list[int]:
    """Return the letters whose subject tells of somebody, and not within another word."""
    words = telling(who)
    likely = or_(false(), *(OutboxMessage.subject_line.icontains(word, autoescape=True) for word in words))
    rows = select(OutboxMessage.id, OutboxMessage.subject_line).where(likely).execution_options(yield_per=PART)
    return [row.id for row in session.execute(rows) if found_in(words).search(row.subject_line)]


def forget_captured(session: Session, condition: ColumnElement[bool]) -> None:
    """Delete what was captured of letters."""
    captured = CapturedMail.outbox_message_id.in_(select(OutboxMessage.id).where(condition))
    session.execute(delete(CapturedMail).where(captured), execution_options={"synchronize_session": False})


def letters(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the letters to somebody: which, when, and what became of them."""
    statement = select(OutboxMessage).where(to(who)).order_by(OutboxMessage.id)
    for row in session.scalars(statement.execution_options(yield_per=PART)):
        said = sent_body(session, row)
        yield {
            "kind": row.letter.replace("_", " "),
            "subject": row.subject_line,
            "to": row.recipient,
            "written": iso(row.created_at),
            "state": row.state.value,
            "accepted": iso(row.accepted_at),
            "said": said.text if said else None,
        }


def to(who: Subject) -> ColumnElement[bool]:
    """Whether a letter is to somebody: known as the person, or by the address alone."""
    return or_(OutboxMessage.person_id == who.person_id, func.lower(OutboxMessage.recipient) == who.key)


def forget_letters(session: Session, condition: ColumnElement[bool]) -> None:
    """Delete letters, what they said, and what was captured of them."""
    gone = retire_letters(session, condition)
    for start in range(0, len(gone), PART):
        captured = CapturedMail.outbox_message_id.in_(gone[start : start + PART])
        session.execute(delete(CapturedMail).where(captured))


def retire_letters(session: Session, condition: ColumnElement[bool]) -> Sequence[int]:
    """Delete letters and what they said; returns the ids."""
    told = delete(OutboxMessage).where(condition).returning(OutboxMessage.id, OutboxMessage.body_id)
    rows = session.execute(told).all()
    texts = [row.body_id for row in rows if row.body_id is not None]
    for start in range(0, len(texts), PART):
        forget_unread(session, texts[start : start + PART])
    return [row.id for row in rows]


LETTERS = LettersKept()
