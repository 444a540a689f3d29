"""Tables of joint residentials: the weeks that are proposed for them, and which series are some."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.models import Series, Venue
from programme.people.models import Organisation
from programme.strands.cohorts.models.awards import Cohort
from programme.strands.cohorts.planning.residential.template import PartKind


class ResidentialPattern(Base):
    """A week of parts that is proposed for a joint residential. `revision` rises with each change.

    It belongs to an organisation, or to nobody: then all see it, and administrators keep it.
    """

    __tablename__ = "residential_pattern"

    id: Mapped[Key]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[Line]
    hint: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    organisation: Mapped[Organisation | None] = relationship()
    parts: Mapped[list[ResidentialPart]] = relationship(
        cascade="all, delete-orphan", order_by="ResidentialPart.position"
    )


class ResidentialPart(Base):
    """One part of a pattern; see `planning/residential/template.py` for what its columns mean.

    `begins` is in minutes after midnight on London's clock; a part ends on its day.
    """

    __tablename__ = "residential_part"
    __table_args__ = (
        UniqueConstraint("pattern_id", "position"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("begins >= 0 AND minutes > 0 AND begins + minutes < 1440", name="minutes"),
    )

    id: Mapped[Key]
    pattern_id: Mapped[int] = mapped_column(ForeignKey("residential_pattern.id", ondelete="CASCADE"))
    position: Mapped[int]
    weekday: Mapped[int]
    title: Mapped[Line]
    begins: Mapped[int]
    minutes: Mapped[int]
    kind: Mapped[PartKind] = state_column(PartKind, default=PartKind.IN_PERSON)
    site: Mapped[str] = mapped_column(String(10), default="")
    from_site: Mapped[str] = mapped_column(String(10), default="")
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id", ondelete="SET NULL"), index=True)
    stays_overnight: Mapped[bool] = mapped_column(default=False)
    is_proposed: Mapped[bool] = mapped_column(default=True)
    hint: Mapped[str] = mapped_column(Text, default="")
    venue: Mapped[Venue | None] = relationship()


class Residential(Base):
    """A series that was made as a joint residential of a cohort."""

    __tablename__ = "residential"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    series: Mapped[Series] = relationship()
    cohort: Mapped[Cohort] = relationship()
