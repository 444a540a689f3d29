"""Where the demonstration happens, and what of it is there already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event, Series, Venue
    from programme.engines.documents.shelf import Shelf
    from programme.engines.registration.models import Opening
    from programme.people.models import Organisation
    from programme.people.permissions import Actor

PREPARED = timedelta(weeks=3)
"""How long before the present, or before an event that is over, its organisers set it up."""


@dataclass
class Stage:
    """The session, the present instant, where files lie, and what is there: openings and events by title."""

    session: Session
    now: datetime
    shelf: Shelf
    organisations: dict[str, Organisation] = field(default_factory=dict)
    venues: dict[str | None, Venue] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    told: dict[str, Event] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    openings: dict[str, Opening] = field(default_factory=dict)

    def prepared(self, starts_at: datetime) -> datetime:
        """Return when the organisers of an event set it up."""
        return min(self.now, starts_at) - PREPARED
