"""Notes between organisers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key
from programme.people.models import Person


class RegistrationNote(Base):
    """One note about a registration: organisers of the opening read it, whoever it is about never.

    `author_id` is empty where the author is not known any more.
    """

    __tablename__ = "registration_note"
    __table_args__ = (Index("ix_registration_note_thread", "registration_id", "id"),)

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    author: Mapped[Person | None] = relationship()
