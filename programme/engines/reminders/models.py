"""Reminder rules: offsets from an instant of their subject, never a stored date."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, state_column


class Anchor(StrEnum):
    """Which instant of the subject a rule counts from."""

    START = "start"
    END = "end"


class OffsetUnit(StrEnum):
    """Days are calendar days at wall time in London; hours are absolute."""

    DAYS = "days"
    HOURS = "hours"


class ReminderRule(Base):
    """A letter, `offset` units before (negative) or after the anchor, for the subject (kind, id)."""

    __tablename__ = "reminder_rule"
    __table_args__ = (Index("ix_reminder_rule_subject", "subject_kind", "subject_id"),)

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    letter: Mapped[str] = mapped_column(String(60))
    anchor: Mapped[Anchor] = state_column(Anchor, default=Anchor.START)
    unit: Mapped[OffsetUnit] = state_column(OffsetUnit, default=OffsetUnit.DAYS)
    offset: Mapped[int] = mapped_column(default=-1)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
