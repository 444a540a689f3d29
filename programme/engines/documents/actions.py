"""Verbs of files: taken in, put to what they belong to, forgotten, and swept away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, tuple_, update

from programme.core.refusal import Refusal
from programme.engines.documents.models import Document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.shelf import Laid, Shelf

WAITS_FOR = timedelta(days=1)
"""How long a file waits for its form to be sent."""
MOST_WAITING = 4_000_000_000
"""Bytes that wait at once at most: whoever fills the disk with files that belong to nothing is stopped here."""
AT_ONCE = 500
FULL = "We cannot take any more files just now. Try again in an hour; everything else you typed is still here."
GONE = "The file “{name}” is not kept any more. Choose it again."


def take_in(session: Session, laid: Laid, *, now: datetime) -> Document:
    """Keep a file that was laid on the shelf; it waits to belong to something."""
    row = Document(
        token=laid.token, name=laid.name, kind=laid.kind, size=laid.size, digest=laid.digest, uploaded_at=now
    )
    session.add(row)
    session.flush()
    return row


def refuse_flood(session: Session) -> None:
    """Refuse another file while too many wait for their forms."""
    waiting = session.scalar(select(func.sum(Document.size)).where(Document.subject_kind == ""))
    if (waiting or 0) >= MOST_WAITING:
        raise Refusal(FULL)


def put_to(session: Session, token: str, *, subject: tuple[str, int], part: int, name: str) -> Document:
    """Let a file belong to a part of something; it has to wait still, or to belong there already.

    Refusal where it is gone, or belongs to another: a token that somebody guessed or copied opens nothing.
    """
    kind, number = subject
    waits = Document.subject_kind == ""
    same = (Document.subject_kind == kind) & (Document.subject_id == number)
    put = (
        update(Document)
        .where(Document.token == token, waits | same, Document.forgotten_at.is_(None))
        .values(subject_kind=kind, subject_id=number, part=part)
        .returning(Document.id)
    )
    found = session.scalar(put.execution_options(synchronize_session=False))
    if found is None:
        raise Refusal(GONE.format(name=name), field=f"q{part}")
    return session.get_one(Document, found, populate_existing=True)


def release(session: Session, subject: tuple[str, int]) -> None:
    """Let the files of a subject wait again, to be put to another in the same transaction."""
    session.execute(
        update(Document)
        .where(Document.subject_kind == subject[0], Document.subject_id == subject[1])
        .values(subject_kind="", subject_id=None, part=None)
        .execution_options(synchronize_session=False)
    )


def forget_others(session: Session, subject: tuple[str, int], *, kept: Collection[str], now: datetime) -> None:
    """Forget the files of a subject but for some."""
    own = (Document.subject_kind == subject[0], Document.subject_id == subject[1], Document.token.not_in(kept))
    mark(session, *own, now=now)


def forget_all(session: Session, kind: str, ids: Iterable[int], *, now: datetime) -> None:
    """Forget every file of some subjects."""
    found = list(ids)
    if found:
        mark(session, Document.subject_kind == kind, Document.subject_id.in_(found), now=now)


def forget_parts(session: Session, kind: str, parts: Iterable[tuple[int, int]], *, now: datetime) -> None:
    """Forget the files of some parts, each given as (id of the subject, part)."""
    found = list(parts)
    for start in range(0, len(found), AT_ONCE):
        pairs = tuple_(Document.subject_id, Document.part).in_(found[start : start + AT_ONCE])
        mark(session, Document.subject_kind == kind, pairs, now=now)


def mark(session: Session, *which: object, now: datetime) -> None:
    """Mark files as forgotten; nothing that tells of anybody stays in their rows."""
    nobodys = {"forgotten_at": now, "name": "", "digest": "", "subject_kind": "", "subject_id": None, "part": None}
    statement = update(Document).where(Document.forgotten_at.is_(None), *which).values(**nobodys)  # type: ignore[arg-type]
    session.execute(statement.execution_options(synchronize_session=False))


def sweep(session: Session, shelf: Shelf, *, now: datetime) -> int:
    """Wipe what was forgotten before, then forget what waited too long, and wipe bytes of which nothing is known.

    Only what an earlier transaction forgot is wiped: a row that comes back with a rollback still has its bytes.
    """
    forgotten = select(Document).where(Document.forgotten_at.is_not(None)).order_by(Document.id).limit(AT_ONCE)
    rows = session.scalars(forgotten).all()
    for row in rows:
        shelf.wipe(row.token)
        session.delete(row)
    session.flush()
    mark(session, Document.subject_kind == "", Document.uploaded_at < now - WAITS_FOR, now=now)
    return len(rows) + wipe_unknown(session, shelf, now=now)


def wipe_unknown(session: Session, shelf: Shelf, *, now: datetime) -> int:
    """Wipe bytes whose row never came to be."""
    lying = list(shelf.lying(before=(now - WAITS_FOR).timestamp()))
    strays = 0
    for start in range(0, len(lying), AT_ONCE):
        some = lying[start : start + AT_ONCE]
        known = set(session.scalars(select(Document.token).where(Document.token.in_(some))))
        for token in set(some) - known:
            shelf.wipe(token)
            strays += 1
    return strays
