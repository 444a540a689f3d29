"""Tables of pictures: what was drawn once, and which event shows it with which words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line

IS_SHOWN = text("removed_at IS NULL")


class Picture(Base):
    """One picture as it was drawn afresh, never changed; `width` and `height` are those of its largest size, in pixels.

    Its bytes are documents whose part is their width. `digest` sums up the largest (SHA-256), and is in its address.
    Copies of an event show the same one; it goes when no event shows it any more.
    """

    __tablename__ = "picture"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    made_at: Mapped[datetime]


class EventPicture(Base):
    """That an event shows a picture: at most one, and the one before for a while, so that it can be put back.

    `words` are for those who do not see it; none says that it is decoration alone.
    """

    __tablename__ = "event_picture"
    __table_args__ = (
        Index("uq_event_picture_shown", "event_id", unique=True, sqlite_where=IS_SHOWN, postgresql_where=IS_SHOWN),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), index=True)
    words: Mapped[Line] = mapped_column(default="")
    credit: Mapped[Line] = mapped_column(default="")
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(index=True)
    picture: Mapped[Picture] = relationship()
