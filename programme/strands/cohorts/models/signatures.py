"""The table of signatures that are asked for under one thing or another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, state_column
from programme.core.tokens import new_version
from programme.people.models import Person
from programme.strands.cohorts.models.candidatures import Candidature
from programme.strands.cohorts.states import SignatureState, Signer


class Signature(Base):
    """One person's signature under a thing, as what, and where it stands. Links to sign carry `link_version`.

    `candidature` is the record that the thing belongs to: its lock is the signature's. `asked_by` hears the answer.
    """

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "signer", "person_id"),)

    id: Mapped[Key]
    candidature_id: Mapped[int] = mapped_column(ForeignKey("candidature.id", ondelete="CASCADE"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    signer: Mapped[Signer] = state_column(Signer)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[SignatureState] = state_column(SignatureState, default=SignatureState.NOT_ASKED)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    link_version: Mapped[int] = mapped_column(default=new_version)
    candidature: Mapped[Candidature] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    asked_by: Mapped[Person | None] = relationship(foreign_keys=asked_by_id)
