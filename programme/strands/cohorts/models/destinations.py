"""The table of where researchers went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, state_column
from programme.core.tokens import new_version
from programme.strands.cohorts.models.candidatures import Candidature
from programme.strands.cohorts.states import Occupation, Region, Sector


class Destination(Base):
    """Where somebody is so many `years` after their doctorate: 0 is the first destination, asked by a secret link.

    Without an occupation it is not answered; `declined_at` is when they asked not to be asked any more.
    """

    __tablename__ = "destination"
    __table_args__ = (UniqueConstraint("candidature_id", "years"),)

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    years: Mapped[int]
    asked_at: Mapped[datetime]
    link_version: Mapped[int] = mapped_column(default=new_version)
    occupation: Mapped[Occupation | None] = state_column(Occupation)
    region: Mapped[Region | None] = state_column(Region)
    sector: Mapped[Sector | None] = state_column(Sector)
    employer: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    candidature: Mapped[Candidature] = relationship()
