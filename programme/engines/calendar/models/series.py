"""Tables of series."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.states import Visibility
from programme.people.models import Organisation, Strand


class Series(Base):
    """A run of events under one title."""

    __tablename__ = "series"

    id: Mapped[Key]
    title: Mapped[Line]
    description: Mapped[str] = mapped_column(Text, default="")
    strand: Mapped[Strand] = state_column(Strand, index=True)
    visibility: Mapped[Visibility] = state_column(Visibility, default=Visibility.PUBLIC)
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[Line] = mapped_column(default="")
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime]
    lead_organisation: Mapped[Organisation] = relationship()
    co_owners: Mapped[list[Organisation]] = relationship(secondary="series_co_owner", order_by=Organisation.position)


class SeriesCoOwner(Base):
    """An organisation that shares a series with its lead."""

    __tablename__ = "series_co_owner"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
