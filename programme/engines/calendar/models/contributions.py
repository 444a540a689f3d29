"""Tables of what an event has: its speakers, and things to read afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.states import MaterialReach


class Contribution(Base):
    """A speaker, chair, host or judge: a plain name, a person only if known."""

    __tablename__ = "contribution"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(40), default="speaker")
    name: Mapped[Line]
    affiliation: Mapped[Line] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class Material(Base):
    """Something to read afterwards: a link, for all or only for those who came."""

    __tablename__ = "material"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    title: Mapped[Line]
    url: Mapped[str] = mapped_column(String(1000))
    reach: Mapped[MaterialReach] = state_column(MaterialReach, default=MaterialReach.ALL)
    added_at: Mapped[datetime]
