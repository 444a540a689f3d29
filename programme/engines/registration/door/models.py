"""What an opening's door allows, and the acts at it that were taken in already."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key


class Door(Base):
    """What an opening's door allows; an opening without a row allows nothing beyond those with a place."""

    __tablename__ = "door"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    takes_walk_ins: Mapped[bool] = mapped_column(default=False)


class DoorAct(Base):
    """One press at the door that was taken in: a telephone that heard no answer sends it again, and it counts once.

    `key` is the hash of what the telephone made up for the press. It names nobody, and goes after some weeks.
    """

    __tablename__ = "door_act"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), index=True)
    taken_in_at: Mapped[datetime] = mapped_column(index=True)
