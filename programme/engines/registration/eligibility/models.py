"""Addresses that may register, and invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.registration.models import Opening
from programme.engines.registration.states import InvitationState


class ListedAddress(Base):
    """An address on the list of those that may register for an opening; `address_key` is its folded form."""

    __tablename__ = "listed_address"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    address_key: Mapped[str] = mapped_column(String(254), primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[datetime]


class Invitation(Base):
    """Somebody may register for an opening, by one address and no other.

    Its link is reckoned from `id` and `link_version` (see `links`), which is random: the number of one that was deleted
    may come again, and its link shall open nothing then.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("opening_id", "address_key"),
        Index("ix_invitation_list", "opening_id", "state", "id"),
        Index("ix_invitation_address_key", "address_key"),
    )

    id: Mapped[Key]
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"))
    name: Mapped[Line]
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))
    state: Mapped[InvitationState] = state_column(InvitationState, default=InvitationState.SILENT)
    link_version: Mapped[int]
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    opening: Mapped[Opening] = relationship()
