"""Groups of people: a list of an organisation's own, or one that a thing owns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.people.models import Organisation, Person
from programme.people.states import Strand


class Group(Base):
    """People who belong together. `owner_kind` and `owner_id` name what owns it; empty for a list kept by hand."""

    __tablename__ = "person_group"
    __table_args__ = (Index("ix_person_group_owner", "owner_kind", "owner_id"),)

    id: Mapped[Key]
    title: Mapped[Line]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand | None] = state_column(Strand)
    owner_kind: Mapped[str | None] = mapped_column(String(40))
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship()
    members: Mapped[list[GroupMember]] = relationship(cascade="all", order_by="GroupMember.id")


class GroupMember(Base):
    """A person belongs to a group."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "person_id"),)

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("person_group.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    added_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
