"""Tables of funding awards and of the cohorts they pay for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.people.models import Organisation
from programme.strands.cohorts.states import AwardType, TrainingUnit


class FundingAward(Base):
    """What pays for a cohort. Its lead runs the cohorts; co-owners share them.

    `placement_days` are required working days in all; `training_target` is what is asked a year, in `training_unit`.
    """

    __tablename__ = "funding_award"

    id: Mapped[Key]
    title: Mapped[Line]
    kind: Mapped[AwardType] = state_column(AwardType)
    funder: Mapped[Line] = mapped_column(default="")
    grant_reference: Mapped[str] = mapped_column(String(100), default="")
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    placement_days: Mapped[int] = mapped_column(default=0)
    training_target: Mapped[int] = mapped_column(default=10)
    training_unit: Mapped[TrainingUnit] = state_column(TrainingUnit, default=TrainingUnit.DAYS)
    hours_a_day: Mapped[int] = mapped_column(default=7)
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    lead_organisation: Mapped[Organisation] = relationship()
    co_owners: Mapped[list[Organisation]] = relationship(
        secondary="funding_award_co_owner", order_by=Organisation.position
    )


class FundingAwardCoOwner(Base):
    """An organisation that shares an award, and its cohorts, with its lead."""

    __tablename__ = "funding_award_co_owner"

    award_id: Mapped[int] = mapped_column(ForeignKey("funding_award.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)


class Cohort(Base):
    """The researchers of an award who enter in one academic year, named by the calendar year in which it begins."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("award_id", "entry_year"),)

    id: Mapped[Key]
    award_id: Mapped[int] = mapped_column(ForeignKey("funding_award.id"))
    title: Mapped[Line]
    entry_year: Mapped[int]
    entry_on: Mapped[date]
    target_size: Mapped[int | None]
    created_at: Mapped[datetime]
    award: Mapped[FundingAward] = relationship()
