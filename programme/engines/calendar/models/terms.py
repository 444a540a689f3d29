"""The table of terms and semesters."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, state_column
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.people.models import Organisation


class AcademicPeriod(Base):
    """A term or semester of a university: where its numbered weeks start, and how sure the dates are.

    `numbering` is a `weeks.Numbering`; `first_day` is the first day of the week that bears `first_number`; `code` is
    the short form (MT26, S1).
    """

    __tablename__ = "academic_period"
    __table_args__ = (UniqueConstraint("organisation_id", "code", "first_day"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[PeriodKind] = state_column(PeriodKind, default=PeriodKind.TEACHING)
    label: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(20))
    numbering: Mapped[str] = mapped_column(String(20), default="counted")
    first_day: Mapped[date]
    first_number: Mapped[int] = mapped_column(default=1)
    weeks: Mapped[int]
    weeks_before: Mapped[int] = mapped_column(default=0)
    weeks_after: Mapped[int] = mapped_column(default=0)
    status: Mapped[PeriodStatus] = state_column(PeriodStatus, default=PeriodStatus.PROVISIONAL)
    organisation: Mapped[Organisation] = relationship()
