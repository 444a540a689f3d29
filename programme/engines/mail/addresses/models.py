"""Addresses that get no letters, what came back to us, and what each person chose about letters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line, state_column
from programme.engines.mail.addresses.states import Cause, Meaning
from programme.engines.mail.states import CalendarBy, Scope

__all__ = ["Cause", "InboxMessage", "LetterChoice", "Meaning", "Suppression"]

IS_STANDING = text("lifted_at IS NULL")


class Suppression(Base):
    """An address that gets no letters of a scope, since when and why; `lifted_at` ends it, and the row stays.

    `address_hash` is of the folded address, so that a wish to get nothing outlives the address itself: `address` is
    emptied when its owner's data are erased.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        Index(
            "uq_suppression_standing",
            "address_hash",
            "scope",
            unique=True,
            sqlite_where=IS_STANDING,
            postgresql_where=IS_STANDING,
        ),
    )

    id: Mapped[Key]
    address_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(254), default="")
    scope: Mapped[Scope] = state_column(Scope)
    cause: Mapped[Cause] = state_column(Cause)
    detail: Mapped[str] = mapped_column(String(500), default="")
    outbox_message_id: Mapped[int | None] = mapped_column(
        ForeignKey("outbox_message.id", ondelete="SET NULL"), index=True
    )
    since: Mapped[datetime] = mapped_column(index=True)
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class InboxMessage(Base):
    """A message that came to the address of bounces, understood once: `digest` knows its bytes, which are not kept."""

    __tablename__ = "inbox_message"

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    meaning: Mapped[Meaning] = state_column(Meaning)
    outbox_message_id: Mapped[int | None] = mapped_column(
        ForeignKey("outbox_message.id", ondelete="SET NULL"), index=True
    )
    sender: Mapped[str] = mapped_column(String(254), default="")
    subject_line: Mapped[Line] = mapped_column(default="")
    status: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    came_at: Mapped[datetime] = mapped_column(index=True)


class LetterChoice(Base):
    """What a person chose about letters; without a row everything is as usual.

    Hours are minutes after midnight in London. `wants_digest`: reminders of a day in one letter. Quiet from
    `quiet_from` until `quiet_until`, which may be the next morning. `wants_morning`: an organiser's letter of what
    needs them. `news_since` is when they asked for news, with the words they agreed to. `calendar_by` is how letters
    tell their calendar of their places, whatever it is subscribed to.
    """

    __tablename__ = "letter_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    wants_digest: Mapped[bool] = mapped_column(default=False)
    digest_at: Mapped[int] = mapped_column(default=7 * 60)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    wants_morning: Mapped[bool] = mapped_column(default=False)
    news_since: Mapped[datetime | None]
    news_words: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    calendar_by: Mapped[CalendarBy | None] = state_column(CalendarBy)
