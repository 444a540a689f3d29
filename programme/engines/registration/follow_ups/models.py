"""The second form of an opening, and of whom it was asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key
from programme.engines.questionnaire.models import AnswerSheet, Questionnaire
from programme.engines.registration.models import Opening, Registration


class FollowUp(Base):
    """A form asked only after a place is given. From `asked_from` on it goes out to whoever has one, then or later."""

    __tablename__ = "follow_up"

    id: Mapped[Key]
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), unique=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    answer_by: Mapped[datetime | None]
    asked_from: Mapped[datetime | None]
    opening: Mapped[Opening] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()


class FollowUpRequest(Base):
    """One registration was asked; `sheet_id` holds the answers once they are given."""

    __tablename__ = "follow_up_request"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id", ondelete="CASCADE"), index=True)
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("answer_sheet.id"), index=True)
    asked_at: Mapped[datetime]
    reminded_of: Mapped[datetime | None]
    registration: Mapped[Registration] = relationship()
    sheet: Mapped[AnswerSheet | None] = relationship()
    follow_up: Mapped[FollowUp] = relationship()
