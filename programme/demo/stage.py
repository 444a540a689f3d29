"""Where the demonstration happens, and what of it is there already."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event

from programme.people.models import Organisation, Person
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from programme.core.database import Base
    from programme.engines.calendar.models import Event, Series, Venue
    from programme.engines.documents.shelf import Shelf
    from programme.engines.registration.models import Opening
    from programme.people.permissions import Actor

KEPT = (Organisation, Person, FundingAward, Cohort, Rulebook, Candidature)
"""What is remembered: few rows, of which the story deletes none past the session.

Where a statement deletes a row, SQLite may give its number to the next one, which would be taken for it.
"""
PREPARED = timedelta(weeks=3)
"""How long before the present, or before an event that is over, its organisers set it up."""


@dataclass
class Stage:
    """The session, the present instant, where files lie, and what is there.

    Openings and events are there by title, the ids of doctoral records by the address of whose they are.
    """

    session: Session
    now: datetime
    shelf: Shelf
    organisations: dict[str, Organisation] = field(default_factory=dict)
    venues: dict[str | None, Venue] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    told: dict[str, Event] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    openings: dict[str, Opening] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)

    def prepared(self, starts_at: datetime) -> datetime:
        """Return when the organisers of an event set it up."""
        return min(self.now, starts_at) - PREPARED


@contextmanager
def remembering(session: Session) -> Iterator[None]:
    """Keep what nearly every verb asks for while the story is told, so that it is read once.

    A session itself knows a row only as long as somebody holds it. Whatever locks a row still reads it as it is then.
    """
    known: set[Base] = set()

    def keep(_: Session, row: Base) -> None:
        if isinstance(row, KEPT):
            known.add(row)

    for read_or_written in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session, read_or_written, keep)
    try:
        yield
    finally:
        for read_or_written in ("loaded_as_persistent", "pending_to_persistent"):
            event.remove(session, read_or_written, keep)


DECEMBER, CLOSES, JANUARY, OPENS = 12, 21, 1, 4
WORKING_DAYS = 5


def clear_of_christmas(monday: date) -> date:
    """Move a week that touches the universities' winter closure two weeks on, as a whole: it may hold one event."""
    days = [monday + timedelta(days=one) for one in range(WORKING_DAYS)]
    closed = [day for day in days if is_closed(day)]
    return monday + timedelta(weeks=2) if closed else monday


def is_closed(day: date) -> bool:
    """Whether a day lies in the winter closure."""
    return (day.month == DECEMBER and day.day >= CLOSES) or (day.month == JANUARY and day.day < OPENS)
