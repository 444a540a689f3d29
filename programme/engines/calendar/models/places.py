"""Tables of places, and of the times between their sites."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key, Line, state_column
from programme.people.models import End


class Venue(Base):
    """A place. `access` holds the access facts in words, by the keys of `ACCESS_FACTS`; absent = not known yet."""

    __tablename__ = "venue"

    id: Mapped[Key]
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[Line]
    site: Mapped[str] = mapped_column(String(20), default="")
    end: Mapped[End | None] = state_column(End)
    address: Mapped[str] = mapped_column(Text, default="")
    postcode: Mapped[str] = mapped_column(String(12), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    access: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)


class TravelTime(Base):
    """How many minutes a way between two sites takes, where administrators know better than `data/travel_times.csv`.

    `least` is where all runs to time, `planned` with what is left for luck.
    """

    __tablename__ = "travel_time"

    site: Mapped[str] = mapped_column(String(20), primary_key=True)
    other: Mapped[str] = mapped_column(String(20), primary_key=True)
    least: Mapped[int]
    planned: Mapped[int]
