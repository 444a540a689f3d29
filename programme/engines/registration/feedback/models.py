"""The form asked afterwards, what was said, and who has said something: the last two know nothing of each other."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key
from programme.engines.questionnaire.models import AnswerSheet, Questionnaire


class FeedbackForm(Base):
    """What an opening asks those who came, once its organisers have said so."""

    __tablename__ = "feedback_form"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"), unique=True)
    questionnaire: Mapped[Questionnaire] = relationship()


class Feedback(Base):
    """What one person said of an opening's events, without saying who."""

    __tablename__ = "feedback"

    id: Mapped[Key]
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), index=True)
    answer_sheet_id: Mapped[int] = mapped_column(ForeignKey("answer_sheet.id"), unique=True)
    answer_sheet: Mapped[AnswerSheet] = relationship()


class FeedbackGiven(Base):
    """Somebody has said something, so they are not asked again; not when, or it could be told what."""

    __tablename__ = "feedback_given"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
