"""Entries as they are kept, and the one row that tells every worker that a calendar may have changed."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When nothing had changed yet."""
ONLY = 1
"""The id of the one row of CalendarRevision."""
KEPT_APART = {"is_cache": True}
"""Backups leave such tables out: all of it can be reckoned again."""


class CalendarBlock(Base):
    """The bytes of one event's entry for one kind of reader.

    The database raises `mark` whenever something changes that the entry tells of; `written` is the mark that `content`
    was written at, and `edition` what it depends on besides. So the block is current where both are what they are now.
    """

    __tablename__ = "calendar_block"
    __table_args__ = (
        Index("ix_calendar_block_standing", "event_id", "variant", "mark", "written", "edition"),
        {"info": KEPT_APART},
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    variant: Mapped[str] = mapped_column(String(20), primary_key=True)
    mark: Mapped[int]
    written: Mapped[int]
    edition: Mapped[str] = mapped_column(String(16))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)


class CalendarRevision(Base):
    """One row, raised by the database in every transaction that changes what any feed reads, as its last act.

    `at` is when, by the database's clock; `moved_in` the transaction (on PostgreSQL); `base_url` the address that kept
    entries lead to, empty before `init`.
    """

    __tablename__ = "calendar_revision"
    __table_args__ = ({"info": KEPT_APART},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    at: Mapped[datetime]
    moved_in: Mapped[int]
    base_url: Mapped[str] = mapped_column(String(500))
