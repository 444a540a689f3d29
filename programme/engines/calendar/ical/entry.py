"""One event as a calendar shows it, and when its SEQUENCE rises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from programme.engines.calendar.invitations.parties import Invitation

CANCELLED_STAYS = timedelta(days=30)
"""A cancelled entry stays in its feeds until this long after its end."""


class EntryStatus(StrEnum):
    """What a calendar shows of an entry; postponed without a date goes out as cancelled, and says so in its title."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class Timing(NamedTuple):
    """What of an entry makes its SEQUENCE rise when it changes."""

    starts: datetime | date
    ends: datetime | date
    status: EntryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One event as a calendar shows it.

    `starts` and `ends` are aware instants, or both dates for an all-day entry: `ends` is then the day after the last.
    `uid` is stable for ever; `sequence` never falls; `last_changed` is aware. Text is plain, without HTML. URLs are
    absolute; others are left out, as is a position outside the globe. `colour` is a CSS colour name, `image_type` a
    media type. `invitation` is for letters alone, and for one reader; mail programs say themselves that what it takes
    back is cancelled.
    Raises ValueError for a naive instant, mixed kinds, or an end that is not later than the start.
    """

    uid: str
    sequence: int
    last_changed: datetime
    starts: datetime | date
    ends: datetime | date
    summary: str
    description: str = ""
    location: str = ""
    url: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    categories: tuple[str, ...] = ()
    status: EntryStatus = EntryStatus.CONFIRMED
    conference_url: str | None = None
    related_to: tuple[str, ...] = ()
    transparent: bool = False
    colour: str | None = None
    image_url: str | None = None
    image_type: str = ""
    invitation: Invitation | None = None

    def __post_init__(self) -> None:
        """Refuse what no client could read."""
        if isinstance(self.starts, datetime) is not isinstance(self.ends, datetime):
            msg = f"{self.uid}: start and end are of different kinds"
            raise ValueError(msg)
        for instant in (self.starts, self.ends, self.last_changed):
            if isinstance(instant, datetime) and instant.tzinfo is None:
                msg = f"{self.uid}: {instant} has no zone"
                raise ValueError(msg)
        if self.ends <= self.starts:
            msg = f"{self.uid}: ends {self.ends}, not later than its start {self.starts}"
            raise ValueError(msg)


def sequence_after(sequence: int, *, before: Timing, after: Timing) -> int:
    """Reckon the SEQUENCE after a change: one higher for another time or status, the same for other words."""
    return sequence + (before != after)
