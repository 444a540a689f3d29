"""Reminder rules: offsets from an instant of their subject, never a stored date."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line, state_column
from programme.people.states import Strand


class Anchor(StrEnum):
    """Which instant of its subject a rule counts from; each kind of subject has some of them."""

    START = "start"
    END = "end"
    CLOSING = "closing"
    DEADLINE = "deadline"
    DUE = "due"


class OffsetUnit(StrEnum):
    """Days are calendar days at wall time in London; hours are absolute."""

    DAYS = "days"
    HOURS = "hours"


class Audience(StrEnum):
    """Whom a reminder goes to; each kind of subject knows who they are."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    INVITED = "invited"
    ABSENT = "absent"
    PRESENT = "present"
    ORGANISERS = "organisers"
    SPEAKERS = "speakers"
    ANSWERED = "answered"
    TAGGED = "tagged"
    GROUP = "group"
    CONCERNED = "concerned"


class ReminderRule(Base):
    """A letter, `offset` units before (negative) or after the anchor, for the subject (kind, id).

    `parameters` narrow the audience (which answer, tag or group). `repeat_days` sends it again every so many days
    while its subject is overdue. `subject_line` and `words` are what an organiser wrote for it; empty is the usual.
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (Index("ix_reminder_rule_subject", "subject_kind", "subject_id"),)

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    letter: Mapped[str] = mapped_column(String(60))
    anchor: Mapped[Anchor] = state_column(Anchor, default=Anchor.START)
    unit: Mapped[OffsetUnit] = state_column(OffsetUnit, default=OffsetUnit.DAYS)
    offset: Mapped[int] = mapped_column(default=-1)
    audience: Mapped[Audience] = state_column(Audience, default=Audience.CONFIRMED)
    parameters: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    repeat_days: Mapped[int | None]
    subject_line: Mapped[Line] = mapped_column(default="", server_default=text("''"))
    words: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class UsualRule(Base):
    """A reminder that things of a kind get when they are announced: data that an administrator edits.

    `subject_kind` is event, opening or what else reminds; `strand` narrows it, and empty is every strand.
    """

    __tablename__ = "usual_rule"

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(String(40))
    strand: Mapped[Strand | None] = state_column(Strand)
    letter: Mapped[str] = mapped_column(String(60))
    anchor: Mapped[Anchor] = state_column(Anchor, default=Anchor.START)
    unit: Mapped[OffsetUnit] = state_column(OffsetUnit, default=OffsetUnit.DAYS)
    offset: Mapped[int] = mapped_column(default=-1)
    audience: Mapped[Audience] = state_column(Audience, default=Audience.CONFIRMED)
    repeat_days: Mapped[int | None]
    created_at: Mapped[datetime]


class UsualSilence(Base):
    """Nothing is usual: things of a kind get no reminder when they are announced. `strand` narrows it, as above."""

    __tablename__ = "usual_silence"

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(String(40))
    strand: Mapped[Strand | None] = state_column(Strand)
    created_at: Mapped[datetime]
