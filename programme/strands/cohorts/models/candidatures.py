"""Tables of candidatures: one person's way to a doctorate, its rate, its suspensions and extensions, its milestones."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.people.models import Organisation, Person
from programme.strands.cohorts.models.awards import Cohort
from programme.strands.cohorts.models.rulebooks import MilestoneRule
from programme.strands.cohorts.states import CandidatureState, MilestoneState

ERASED = "A researcher whose data are deleted"


class Candidature(Base):
    """One researcher of a cohort: registered at their home university, supervised at the partner's as well.

    `entry_unit` is the first unit that counts, a number of the home university's rulebook (see `milestones/units.py`);
    `rates` say how much of full time each unit from theirs on counts for. `revision` is what verbs lock by raising it.
    """

    __tablename__ = "candidature"
    __table_args__ = (UniqueConstraint("person_id", "cohort_id"),)

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    home_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    partner_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    department: Mapped[Line] = mapped_column(default="")
    college: Mapped[Line] = mapped_column(default="")
    project: Mapped[Line] = mapped_column(default="")
    registered_on: Mapped[date]
    entry_unit: Mapped[int]
    funded_until: Mapped[date | None]
    submission_deadline: Mapped[date | None]
    has_sponsored_visa: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CandidatureState] = state_column(CandidatureState, default=CandidatureState.ADMITTED, index=True)
    state_since: Mapped[date]
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    approver: Mapped[Person | None] = relationship(foreign_keys=approver_id)
    cohort: Mapped[Cohort] = relationship()
    home: Mapped[Organisation] = relationship(foreign_keys=home_organisation_id)
    partner: Mapped[Organisation | None] = relationship(foreign_keys=partner_organisation_id)
    milestones: Mapped[list[Milestone]] = relationship(
        cascade="all, delete-orphan", back_populates="candidature", order_by="Milestone.id"
    )
    rates: Mapped[list[StudyRate]] = relationship(cascade="all, delete-orphan", order_by="StudyRate.first_unit")
    suspensions: Mapped[list[Suspension]] = relationship(cascade="all, delete-orphan", order_by="Suspension.first_unit")
    extensions: Mapped[list[Extension]] = relationship(cascade="all, delete-orphan", order_by="Extension.id")

    @property
    def researcher(self) -> str:
        """Return what its researcher is called; by their address where no name is known."""
        return (self.person.name or self.person.address) if self.person else ERASED


class StudyRate(Base):
    """From a unit on, how much of full time somebody studies, in per cent: 100 is full time."""

    __tablename__ = "study_rate"
    __table_args__ = (UniqueConstraint("candidature_id", "first_unit"),)

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    first_unit: Mapped[int]
    per_cent: Mapped[int]


class Suspension(Base):
    """Units in which a candidature rests; why is for those who may see the candidature alone.

    `rests_from` and `back_on`, the first day that counts again, are the days of those units: reckoned with milestones.
    """

    __tablename__ = "suspension"
    __table_args__ = (UniqueConstraint("candidature_id", "first_unit"),)

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    first_unit: Mapped[int]
    units: Mapped[int]
    rests_from: Mapped[date | None]
    back_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    form: Mapped[str] = mapped_column(String(60), default="")
    granted_at: Mapped[datetime]


class Extension(Base):
    """More time for one milestone, in units."""

    __tablename__ = "extension"

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    units: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    granted_at: Mapped[datetime]


class Milestone(Base):
    """One thing a researcher has to reach. When it is due is reckoned (`milestones/reckoning.py`) and kept here.

    `unit`, `due_on`, `due_at` and `is_provisional` are that reckoning, written anew whenever something it hangs on
    changes; `set_on` is a day set by hand, with its reason, which counts instead. `due_at` is nine in the morning of
    the day in London, from which reminders count: a milestone is late once its day is over, not from then on.
    `sequence` rises with each other day, for calendars.
    `occurrence` is 0, or the calendar year of one that comes every year.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("candidature_id", "code", "occurrence"),
        Index("ix_milestone_due", "state", "due_at"),
    )

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("milestone_rule.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    occurrence: Mapped[int] = mapped_column(default=0)
    unit: Mapped[int]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    set_on: Mapped[date | None]
    set_reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MilestoneState] = state_column(MilestoneState, default=MilestoneState.OPEN)
    done_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    candidature: Mapped[Candidature] = relationship(back_populates="milestones")
    rule: Mapped[MilestoneRule] = relationship()
