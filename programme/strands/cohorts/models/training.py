"""Tables of training: frameworks of skills, what events are worth, the record of each researcher, and what is asked."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.models import Event, Series
from programme.strands.cohorts.models.awards import Cohort
from programme.strands.cohorts.models.candidatures import Candidature
from programme.strands.cohorts.states import TrainingEvidence, TrainingItem, TrainingState

LONGEST_LINK = 1000


class TrainingFramework(Base):
    """One version of a framework by whose parts training is sorted. What was sorted by an older one stays so.

    The one that was loaded last is that by which training is sorted now.
    """

    __tablename__ = "training_framework"

    id: Mapped[Key]
    version: Mapped[str] = mapped_column(String(40), unique=True)
    source: Mapped[str] = mapped_column(Text, default="")
    loaded_at: Mapped[datetime]
    subdomains: Mapped[list[TrainingSubdomain]] = relationship(
        cascade="all, delete-orphan", order_by="TrainingSubdomain.position"
    )


class TrainingSubdomain(Base):
    """A part of a framework: its code (“A1”), its name, and the domain that it belongs to."""

    __tablename__ = "training_subdomain"
    __table_args__ = (UniqueConstraint("framework_id", "code"),)

    id: Mapped[Key]
    framework_id: Mapped[int] = mapped_column(ForeignKey("training_framework.id", ondelete="CASCADE"))
    domain: Mapped[str] = mapped_column(String(10))
    domain_name: Mapped[Line]
    code: Mapped[str] = mapped_column(String(10))
    name: Mapped[Line]
    position: Mapped[int]


class EventTraining(Base):
    """What an event is worth as training: how long, of which parts of the framework, and whether everybody needs it.

    `codes` are at most three, of `framework`.
    """

    __tablename__ = "event_training"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int]
    framework_id: Mapped[int] = mapped_column(ForeignKey("training_framework.id"), index=True)
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    item: Mapped[TrainingItem | None] = state_column(TrainingItem)
    changed_at: Mapped[datetime]
    framework: Mapped[TrainingFramework] = relationship()


class TrainingEntry(Base):
    """One line of a training record, as it was handed in: of an event of ours, or of training elsewhere.

    What somebody came to and has not handed in is no entry yet: it is read from their chairs (`record/drafting.py`).
    `event_id` is the event that it is of; the rest of the line is what that was worth then. `note` is the
    researcher's, `comment` what was said when it was refused.
    """

    __tablename__ = "training_entry"
    __table_args__ = (
        UniqueConstraint("candidature_id", "event_id"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("ends_on >= begins_on", name="days"),
    )

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    evidence: Mapped[TrainingEvidence] = state_column(TrainingEvidence)
    title: Mapped[Line]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    minutes: Mapped[int]
    framework_id: Mapped[int] = mapped_column(ForeignKey("training_framework.id"), index=True)
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    item: Mapped[TrainingItem | None] = state_column(TrainingItem)
    organiser: Mapped[Line] = mapped_column(default="")
    link: Mapped[str] = mapped_column(String(LONGEST_LINK), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[TrainingState] = state_column(TrainingState, default=TrainingState.HANDED_IN)
    handed_in_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    candidature: Mapped[Candidature] = relationship()
    framework: Mapped[TrainingFramework] = relationship()


class CompulsoryTraining(Base):
    """An event, or every event of a series, that everybody of a cohort has to come to."""

    __tablename__ = "compulsory_training"
    __table_args__ = (
        UniqueConstraint("cohort_id", "event_id"),
        UniqueConstraint("cohort_id", "series_id"),
        CheckConstraint("(event_id IS NULL) <> (series_id IS NULL)", name="one_thing"),
    )

    id: Mapped[Key]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    added_at: Mapped[datetime]
    cohort: Mapped[Cohort] = relationship()
    event: Mapped[Event | None] = relationship()
    series: Mapped[Series | None] = relationship()


class TrainingExemption(Base):
    """That a researcher need not come to one event that is compulsory for their cohort, and why."""

    __tablename__ = "training_exemption"
    __table_args__ = (UniqueConstraint("candidature_id", "event_id"),)

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]
    candidature: Mapped[Candidature] = relationship()
