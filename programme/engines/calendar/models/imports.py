"""Tables of what was imported, and of files that wait for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line, state_column
from programme.people.models import Strand


class ImportedEvent(Base):
    """How a row of a file is known again: its identity within the importing organisation, and what it said last.

    `told` sums up each field by itself, so that only what changed in the file is changed here; `source` is the file's
    name.
    """

    __tablename__ = "imported_event"
    __table_args__ = (UniqueConstraint("organisation_id", "identity"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    identity: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[Line]
    series_title: Mapped[Line] = mapped_column(default="")
    starts_at: Mapped[datetime]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    told: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    source: Mapped[Line] = mapped_column(default="")
    imported_at: Mapped[datetime]


class ImportFile(Base):
    """An uploaded file that waits between its preview and the confirmation."""

    __tablename__ = "import_file"

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand] = state_column(Strand)
    filename: Mapped[Line]
    stored_as: Mapped[str] = mapped_column(String(80))
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
