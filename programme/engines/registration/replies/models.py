"""What people's calendars answered, chair by chair, and the tray of replies that somebody has to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.models import Event
from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.replies.states import TrayState


class SeatReply(Base):
    """What somebody's calendar answered last about one chair; whoever writes one holds the opening's lock.

    `answered_at` is the time in the answer itself (DTSTAMP): an older one never takes the place of a newer one.
    `gave_back_at` is when the whole place was given back by it, as long as that stands.
    """

    __tablename__ = "seat_reply"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[Answer] = state_column(Answer)
    answered_at: Mapped[datetime]
    came_at: Mapped[datetime]
    gave_back_at: Mapped[datetime | None]
    seat: Mapped[Seat] = relationship()


class OddReply(Base):
    """A reply that nobody could act on by itself: what it says, in words alone, and why somebody has to look at it.

    It concerns a registration, or only an event, or nobody known. `answer` is what it would do, where it says that.
    """

    __tablename__ = "odd_reply"
    __table_args__ = (Index("ix_odd_reply_tray", "state", "came_at", "id"),)

    id: Mapped[Key]
    state: Mapped[TrayState] = state_column(TrayState, default=TrayState.WAITING)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    uid: Mapped[str] = mapped_column(String(254), default="")
    method: Mapped[str] = mapped_column(String(20), default="")
    sender: Mapped[str] = mapped_column(String(254), default="")
    attendee_address: Mapped[str] = mapped_column(String(254), default="")
    subject_line: Mapped[Line] = mapped_column(default="")
    said: Mapped[str] = mapped_column(String(20), default="")
    answer: Mapped[Answer | None] = state_column(Answer)
    answered_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(String(500), default="")
    came_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    registration: Mapped[Registration | None] = relationship()
    event: Mapped[Event | None] = relationship()
