"""What letters said when they went: kept once for all that say the same, for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.mail.wire.messages import Body
from programme.engines.mail.wire.stencils import blank
from programme.engines.mail.written.models import LetterBody

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


ON_ITS_WAY = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.HELD)


def keep_body(session: Session, body: Body, *, digest: str, now: datetime) -> int:
    """Keep what a letter says, where it is not kept yet, and return its number."""
    known = select(LetterBody.id).where(LetterBody.digest == digest)
    found = session.scalar(known)
    if found is not None:
        return found
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "digest": digest,
        "subject_line": body.subject[:500],
        "text": body.text.replace("\0", ""),
        "html": body.html.replace("\0", ""),
        "files": [attachment.filename for attachment in body.attachments],
        "made_at": now,
    }
    made = session.scalar(insert(LetterBody).values(row).on_conflict_do_nothing().returning(LetterBody.id))
    return made if made is not None else session.scalars(known).one()


def sent_body(session: Session, message: OutboxMessage) -> Body | None:
    """Return what a letter said when it was handed over last, its secrets hidden; None where it is not kept."""
    row = None if message.body_id is None else session.get(LetterBody, message.body_id)
    if row is None:
        return None
    blanks = message.blanks or {}
    return Body(row.subject_line, with_blanks(row.text, blanks), with_blanks(row.html, blanks))


def with_blanks(text: str, blanks: Mapping[str, str]) -> str:
    """Return a kept text with one person's words in its blanks."""
    for name, value in blanks.items():
        text = text.replace(blank(name), value)
    return text


def forget_bodies(session: Session, *, before: datetime, most: int) -> int:
    """Throw away what letters said that were queued before an instant, and whose words stood in their blanks."""
    old = select(OutboxMessage.id).where(
        OutboxMessage.body_id.is_not(None), OutboxMessage.created_at < before, OutboxMessage.state.not_in(ON_ITS_WAY)
    )
    ids = session.scalars(old.order_by(OutboxMessage.id).limit(most)).all()
    if ids:
        session.execute(
            update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(body_id=None, blanks=None),
            execution_options={"synchronize_session": False},
        )
    return len(ids) + forget_unread(session, before=before, most=most)


def forget_unread(session: Session, *, before: datetime, most: int) -> int:
    """Throw away what no letter refers to any more."""
    still = select(OutboxMessage.body_id).where(OutboxMessage.body_id == LetterBody.id).exists()
    chosen = select(LetterBody.id).where(LetterBody.made_at < before, ~still).limit(most)
    ids = session.scalars(chosen).all()
    if ids:
        session.execute(delete(LetterBody).where(LetterBody.id.in_(ids)))
    return len(ids)
