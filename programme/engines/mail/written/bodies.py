"""What letters said when they went: kept once for all that say the same, for a while."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import escape
from sqlalchemy import and_, delete, false, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.wire.messages import Body
from programme.engines.mail.wire.stencils import blank
from programme.engines.mail.written.models import LetterBody
from programme.people.keeping.naming import found_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


PART = 500
BLANK = re.compile(f"{blank('([a-z_]+)')}")
Insert = sqlite.Insert | postgresql.Insert


def keep_body(session: Session, body: Body, *, digest: str, now: datetime) -> int:
    """Keep what a letter says, where it is not kept yet, and return its number.

    What is said again counts as said now, to the day: it is thrown away a while after it was said last.
    """
    known = select(LetterBody.id, LetterBody.made_at).where(LetterBody.digest == digest)
    found = session.execute(known).first()
    if found is None:
        made = session.scalar(insertion(session).values(row_of(body, digest, now)).returning(LetterBody.id))
        return int(made if made is not None else session.execute(known).one().id)
    if now - found.made_at > timedelta(days=1):
        session.execute(update(LetterBody).where(LetterBody.id == found.id).values(made_at=now))
    return int(found.id)


def insertion(session: Session) -> Insert:
    """Return an insertion that leaves what is there already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(LetterBody).on_conflict_do_nothing()


def row_of(body: Body, digest: str, now: datetime) -> dict[str, Any]:
    """Return what is kept of a letter's text."""
    return {
        "digest": digest,
        "subject_line": body.subject[:500],
        "text": body.text.replace("\0", ""),
        "html": body.html.replace("\0", ""),
        "files": [attachment.filename for attachment in body.attachments],
        "made_at": now,
    }


def sent_body(session: Session, message: OutboxMessage) -> Body | None:
    """Return what a letter said when it was handed over last, its secrets hidden; None where it is not kept."""
    row = None if message.body_id is None else session.get(LetterBody, message.body_id)
    if row is None:
        return None
    blanks = message.blanks or {}
    escaped = {name: str(escape(value)) for name, value in blanks.items()}
    return Body(row.subject_line, with_blanks(row.text, blanks), with_blanks(row.html, escaped))


def with_blanks(text: str, blanks: Mapping[str, str]) -> str:
    """Return a kept text with one person's words in its blanks, in one pass: what they say is no blank itself."""
    return BLANK.sub(lambda found: blanks.get(found[1], found[0]), text)


def forget_bodies(session: Session, *, before: datetime, most: int) -> int:
    """Throw away what was said last before an instant, and whose words stood in its blanks; return how many texts."""
    old = select(LetterBody.id).where(LetterBody.made_at < before).order_by(LetterBody.made_at).limit(most)
    return forget(session, session.scalars(old).all())


def forget_unread(session: Session, body_ids: Collection[int]) -> int:
    """Throw away those of some texts that no letter refers to any more: its last reader's data are gone."""
    read = select(OutboxMessage.body_id).where(OutboxMessage.body_id == LetterBody.id).exists()
    unread = select(LetterBody.id).where(LetterBody.id.in_(body_ids), ~read)
    return forget(session, session.scalars(unread).all())


def mentions(session: Session, words: Collection[str]) -> list[int]:
    """Return the texts that say one of some words, in their subject or below, and not within another word."""
    columns = (LetterBody.subject_line, LetterBody.text)
    parts = [[(column, word.split()) for column in columns] for word in words]
    said = [
        and_(*(column.icontains(part, autoescape=True) for part in split)) for both in parts for column, split in both
    ]
    likely = select(LetterBody.id, *columns).where(or_(false(), *said)).execution_options(yield_per=PART)
    wanted = found_in(words)
    return [row.id for row in session.execute(likely) if wanted.search(f"{row.subject_line}\n{row.text}")]


def forget(session: Session, body_ids: Sequence[int]) -> int:
    """Delete texts, and the words in their blanks."""
    for start in range(0, len(body_ids), PART):
        part = body_ids[start : start + PART]
        of_these = update(OutboxMessage).where(OutboxMessage.body_id.in_(part)).values(body_id=None, blanks=None)
        session.execute(of_these, execution_options={"synchronize_session": False})
        session.execute(delete(LetterBody).where(LetterBody.id.in_(part)))
    return len(body_ids)
