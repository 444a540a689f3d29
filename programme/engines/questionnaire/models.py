"""The custom form of an opening: questions, versions, and the sheets of answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key


class Questionnaire(Base):
    """A form. `version` rises when a question changes after somebody answered."""

    __tablename__ = "questionnaire"

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    questions: Mapped[list[Question]] = relationship(cascade="all", order_by="Question.position, Question.id")


class Question(Base):
    """One question. `kind` names a class in `kinds`; `settings` holds what that kind needs (options, bounds).

    A question that was answered is never altered: it is retired (`retired_in`) and its successor takes its place,
    so that old answers stay readable.
    """

    __tablename__ = "question"

    id: Mapped[Key]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(500))
    hint: Mapped[str] = mapped_column(String(500), default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    added_in: Mapped[int] = mapped_column(default=1)
    retired_in: Mapped[int | None]


class AnswerSheet(Base):
    """The answers of one registration, with the version of the form they were given to."""

    __tablename__ = "answer_sheet"

    id: Mapped[Key]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[datetime]
    answers: Mapped[list[Answer]] = relationship(cascade="all", order_by="Answer.question_id")


class Answer(Base):
    """One answer: `value` as the question's kind keeps it, `text` as a person reads it."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("sheet_id", "question_id"),)

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("answer_sheet.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    value: Mapped[Any] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[Question] = relationship()
