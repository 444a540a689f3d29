"""Tables of supervision: who supervises, and when they met."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, state_column
from programme.people.models import Organisation, Person
from programme.strands.cohorts.models.candidatures import Candidature
from programme.strands.cohorts.states import MeetingState, SupervisionRole


class Supervision(Base):
    """Who supervises a researcher, as what, for which organisation, from when to when (both days included).

    `share` is their part of the supervision in per cent.
    """

    __tablename__ = "supervision"
    __table_args__ = (CheckConstraint("share BETWEEN 0 AND 100", name="share"),)

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[SupervisionRole] = state_column(SupervisionRole)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    share: Mapped[int] = mapped_column(default=0)
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    candidature: Mapped[Candidature] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()


class SupervisionMeeting(Base):
    """A meeting of a researcher with supervisors, as the researcher logged it; who was there signs for it.

    `words` are what was agreed, in the researcher's words.
    """

    __tablename__ = "supervision_meeting"
    __table_args__ = (UniqueConstraint("candidature_id", "met_on"),)

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"))
    met_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MeetingState] = state_column(MeetingState, default=MeetingState.LOGGED)
    logged_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    candidature: Mapped[Candidature] = relationship()
