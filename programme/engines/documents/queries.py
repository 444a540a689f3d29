"""Named reads of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.documents.models import Document

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session


def free_or_of(session: Session, tokens: Collection[str], *, subject: tuple[str, int] | None) -> dict[str, Document]:
    """Return, of some tokens, the files that wait still or belong to a subject already."""
    statement = select(Document).where(Document.token.in_(tokens), Document.forgotten_at.is_(None))
    own = subject or ("", None)
    rows = session.scalars(statement)
    return {row.token: row for row in rows if not row.subject_kind or (row.subject_kind, row.subject_id) == own}


def document_of(session: Session, subject: tuple[str, int], *, part: int) -> Document | None:
    """Return the file of a part of something."""
    statement = select(Document).where(
        Document.subject_kind == subject[0],
        Document.subject_id == subject[1],
        Document.part == part,
        Document.forgotten_at.is_(None),
    )
    return session.scalars(statement.order_by(Document.id.desc())).first()


def documents_of(session: Session, kind: str, ids: Collection[int]) -> Sequence[Document]:
    """Return every file of some subjects."""
    statement = select(Document).where(Document.subject_kind == kind, Document.subject_id.in_(ids))
    return session.scalars(statement.where(Document.forgotten_at.is_(None)).order_by(Document.id)).all()
