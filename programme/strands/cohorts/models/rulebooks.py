"""Tables of rulebooks: how a university counts a course, what it allows, what it expects when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.people.models import Organisation
from programme.strands.cohorts.milestones.reckoning import Falls, Reckoned
from programme.strands.cohorts.milestones.units import Counting

FOR_ALL, FOR_ONE = text("award_id IS NULL"), text("award_id IS NOT NULL")


class Rulebook(Base):
    """The rules of one university, as its administrators keep them. `revision` rises with each change.

    Lengths are in units of `counting`; None is no limit. `part_time_rate` is in per cent of full time. Meetings are
    counted over a year that begins with the month `meetings_year_month`, one in so many units of `meetings_counting`.
    """

    __tablename__ = "rulebook"

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    counting: Mapped[Counting] = state_column(Counting, default=Counting.TERMS)
    part_time_rate: Mapped[int] = mapped_column(default=50)
    least_supervisors: Mapped[int] = mapped_column(default=2)
    shortest_suspension: Mapped[int] = mapped_column(default=1)
    longest_suspension: Mapped[int | None]
    suspension_in_all: Mapped[int | None]
    meetings_counting: Mapped[Counting] = state_column(Counting, default=Counting.MONTHS)
    meetings_every_full: Mapped[int] = mapped_column(default=1)
    meetings_every_part: Mapped[int] = mapped_column(default=2)
    meetings_year_month: Mapped[int] = mapped_column(default=10)
    source: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    organisation: Mapped[Organisation] = relationship()
    terms: Mapped[list[RulebookTerm]] = relationship(cascade="all, delete-orphan", order_by="RulebookTerm.position")
    rules: Mapped[list[MilestoneRule]] = relationship(cascade="all, delete-orphan", order_by="MilestoneRule.position")


class RulebookTerm(Base):
    """A term of each academic year of a university that counts in terms, from position 0."""

    __tablename__ = "rulebook_term"
    __table_args__ = (UniqueConstraint("rulebook_id", "position"),)

    id: Mapped[Key]
    rulebook_id: Mapped[int] = mapped_column(ForeignKey("rulebook.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(10))
    years_later: Mapped[int] = mapped_column(default=0)


class MilestoneRule(Base):
    """What a university expects of its researchers, and when; see `milestones/reckoning.py` for the numbers.

    One with an award stands for researchers of that award instead of the one of the same code. `signers` are words of
    `Signer` in the order in which they sign. `is_key` has a column in the grid of a cohort. Extensions are in units.
    """

    __tablename__ = "milestone_rule"
    __table_args__ = (
        Index(
            "uq_milestone_rule_code", "rulebook_id", "code", unique=True, sqlite_where=FOR_ALL, postgresql_where=FOR_ALL
        ),
        Index(
            "uq_milestone_rule_award_code",
            "rulebook_id",
            "code",
            "award_id",
            unique=True,
            sqlite_where=FOR_ONE,
            postgresql_where=FOR_ONE,
        ),
    )

    id: Mapped[Key]
    rulebook_id: Mapped[int] = mapped_column(ForeignKey("rulebook.id", ondelete="CASCADE"))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("funding_award.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[Line]
    form: Mapped[str] = mapped_column(String(60), default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    reckoned: Mapped[Reckoned] = state_column(Reckoned)
    units: Mapped[int] = mapped_column(default=1)
    place: Mapped[int] = mapped_column(default=0)
    base: Mapped[str] = mapped_column(String(40), default="")
    weeks: Mapped[int] = mapped_column(default=0)
    falls: Mapped[Falls] = state_column(Falls, default=Falls.LAST_DAY)
    is_last: Mapped[bool] = mapped_column(default=False)
    is_key: Mapped[bool] = mapped_column(default=True)
    needs_evidence: Mapped[bool] = mapped_column(default=False)
    signers: Mapped[list[str]] = mapped_column(JSON, default=list)
    longest_extension_full: Mapped[int | None]
    longest_extension_part: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]
