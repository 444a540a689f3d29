"""Approvals, their keys, and the links by which a key is turned without an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, state_column
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.people.models import Organisation, Person, Strand

IS_OPEN, WAITS = text("state = 'open'"), text("state = 'waiting'")


class Approval(Base):
    """A decision about a thing, asked of one or several organisations; a thing has at most one that is open.

    `subject_kind` and `subject_id` name the thing; `organisation_id` leads it. `revision` is what deciders lock by
    raising it. `escalation_address` is who is told when a key is late, beside the organisers of the lead.
    """

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_subject", "subject_kind", "subject_id"),
        Index(
            "uq_approval_open",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand | None] = state_column(Strand)
    state: Mapped[ApprovalState] = state_column(ApprovalState, default=ApprovalState.OPEN)
    escalation_address: Mapped[str] = mapped_column(String(254), default="")
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[ApprovalKey]] = relationship(cascade="all, delete-orphan", order_by="ApprovalKey.id")


class ApprovalKey(Base):
    """One organisation's key: any organiser there may turn it, or the person it was delegated to.

    `reason` is between organisers, `words` are for whoever is decided about, should this key end it.
    """

    __tablename__ = "approval_key"
    __table_args__ = (
        UniqueConstraint("approval_id", "organisation_id"),
        Index("ix_approval_key_waiting", "organisation_id", "due_at", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[Key]
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[KeyState] = state_column(KeyState, default=KeyState.WAITING)
    due_at: Mapped[datetime | None]
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    turned_at: Mapped[datetime | None]
    turned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    approval: Mapped[Approval] = relationship(back_populates="keys")
    organisation: Mapped[Organisation] = relationship()
    delegate: Mapped[Person | None] = relationship(foreign_keys=delegate_id)
    turned_by: Mapped[Person | None] = relationship(foreign_keys=turned_by_id)


class SignOffLink(Base):
    """A secret link for one person to turn one key; only its hash is kept. It ends when it is of no more use."""

    __tablename__ = "sign_off_link"

    id: Mapped[Key]
    key_id: Mapped[int] = mapped_column(ForeignKey("approval_key.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    key: Mapped[ApprovalKey] = relationship()
    person: Mapped[Person] = relationship()
