"""Wording that an installation changed, letters that organisers write to many, and letters as they were sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line, state_column
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import BroadcastState
from programme.people.states import Strand


class Wording(Base):
    """A passage of a kind of letter in this installation's own words, with placeholders; without a row it is ours."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("letter", "passage"),)

    id: Mapped[Key]
    letter: Mapped[str] = mapped_column(String(60))
    passage: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Broadcast(Base):
    """A letter that an organiser writes to many.

    `audience` says to whom, as kind and parameters: who that is, is asked when it goes. `counted` is the number of
    people that its author confirmed. `stopped_because` says why it did not go.
    """

    __tablename__ = "broadcast"
    __table_args__ = (Index("ix_broadcast_due", "state", "send_at"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand | None] = state_column(Strand)
    purpose: Mapped[Purpose] = state_column(Purpose)
    state: Mapped[BroadcastState] = state_column(BroadcastState, default=BroadcastState.DRAFT)
    subject_line: Mapped[Line]
    text: Mapped[str] = mapped_column(Text)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counted: Mapped[int] = mapped_column(default=0)
    send_at: Mapped[datetime | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    stopped_because: Mapped[str] = mapped_column(String(500), default="")


class LetterBody(Base):
    """What letters said when they went, each text once: what differs from person to person is a blank in it.

    The blanks are filled from `outbox_message.blanks`. Files are named, not kept.
    """

    __tablename__ = "letter_body"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    subject_line: Mapped[Line] = mapped_column(default="")
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(index=True)
