"""Tables of supervision."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, state_column
from programme.people.models import Organisation, Person
from programme.strands.cohorts.models.candidatures import Candidature
from programme.strands.cohorts.states import SupervisionRole


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
