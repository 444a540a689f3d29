"""Tables of what stands in an event's timetable besides its parts."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line


class TimetableBreak(Base):
    """A break in an event's timetable: no event, so nobody registers for it, and it has no entry in calendars.

    `begins_after` and `minutes` are minutes by London's clock from the event's start on, so that it moves along.
    """

    __tablename__ = "timetable_break"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    title: Mapped[Line]
    begins_after: Mapped[int]
    minutes: Mapped[int]
    place: Mapped[Line] = mapped_column(default="")
