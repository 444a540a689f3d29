"""What dispatchers know of the mail server together, so that several are no more than one to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base


class RelayState(Base):
    """One mail server: it rests until `resting_until` after a fault, and `tokens` letters may go now.

    `rest_seconds` is how long the next fault makes it rest; 0 while it works. Tokens come back with time, up to the
    rate of a minute; `refilled_at` is when they were reckoned last.
    """

    __tablename__ = "relay_state"

    server: Mapped[str] = mapped_column(String(300), primary_key=True)
    resting_until: Mapped[datetime | None]
    rest_seconds: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(Text, default="")
    tokens: Mapped[float] = mapped_column(default=0.0)
    refilled_at: Mapped[datetime | None]


class RelayLane(Base):
    """One of the connections that the mail server allows us; whoever holds it has it until `held_until`."""

    __tablename__ = "relay_lane"

    server: Mapped[str] = mapped_column(String(300), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str | None] = mapped_column(String(64))
    held_until: Mapped[datetime | None]
