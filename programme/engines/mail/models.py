"""The outbox, what was captured instead of sent, and heartbeats of the ticks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line, state_column
from programme.engines.mail.states import OutboxState
from programme.people.states import Strand

HAS_BODY, IN_DIGEST = text("body_id IS NOT NULL"), text("digest_id IS NOT NULL")


class OutboxMessage(Base):
    """One letter to one person, under a unique key.

    `subject_kind` and `subject_id` name what the letter is about (a registration, a sign-in link); `context` holds
    what cannot be reckoned at the moment of sending (a link's secret, what a date was before). `message_id` follows
    from `dedup_key` and the secret key, and is written when the row is first taken up. `withdrawn_at` is set when an
    organiser took the letter back by hand: its key is then used for good. What was sent is `body_id` with `blanks`
    filled in, as long as it is kept. `bounced_at` is set when it came back after all. `digest_id` is the letter that
    took this one in.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "state", "priority", "due_at", "id"),
        Index("ix_outbox_message_subject", "subject_kind", "subject_id"),
        Index("ix_outbox_message_body", "body_id", sqlite_where=HAS_BODY, postgresql_where=HAS_BODY),
        Index("ix_outbox_message_digest", "digest_id", sqlite_where=IN_DIGEST, postgresql_where=IN_DIGEST),
    )

    id: Mapped[Key]
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    message_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    letter: Mapped[str] = mapped_column(String(60), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[Line] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand | None] = state_column(Strand)
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    rule_id: Mapped[int | None]
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sender_name: Mapped[Line] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    subject_line: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[OutboxState] = state_column(OutboxState, default=OutboxState.PENDING)
    priority: Mapped[int] = mapped_column(default=5)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None] = mapped_column(String(64))
    inflight_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    ambiguous_count: Mapped[int] = mapped_column(default=0)
    last_code: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    accepted_at: Mapped[datetime | None]
    queue_id: Mapped[str] = mapped_column(String(200), default="")
    bounced_at: Mapped[datetime | None]
    bounce_status: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    bounce_detail: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    body_id: Mapped[int | None]
    blanks: Mapped[dict[str, str] | None] = mapped_column(JSON)
    digest_id: Mapped[int | None]


class CapturedMail(Base):
    """A letter that was kept here instead of being sent: demonstrations and trials."""

    __tablename__ = "captured_mail"

    id: Mapped[Key]
    outbox_message_id: Mapped[int | None] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject_line: Mapped[str] = mapped_column(String(500), default="")
    captured_at: Mapped[datetime] = mapped_column(index=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class Heartbeat(Base):
    """When each tick of the scheduler last ran, by name."""

    __tablename__ = "heartbeat"

    tick: Mapped[str] = mapped_column(String(60), primary_key=True)
    host: Mapped[Line] = mapped_column(default="")
    process_id: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    succeeded_at: Mapped[datetime | None]
    seconds_between: Mapped[int] = mapped_column(default=15)
    last_error: Mapped[str] = mapped_column(Text, default="")
