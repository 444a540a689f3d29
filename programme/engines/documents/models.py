"""What is known of a file that somebody handed in; its bytes lie in the store under its token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key


class Document(Base):
    """One file. `token` is random: the name of its bytes, and of itself in forms; `digest` is what they were (SHA-256).

    It belongs to `part` of a subject above, `(kind, id)`; one that belongs to nothing waits for its form to be sent.
    From `forgotten_at` it is nobody's any more: its bytes are wiped, and then the row.
    """

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_subject", "subject_kind", "subject_id"),)

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    part: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    forgotten_at: Mapped[datetime | None] = mapped_column(index=True)
