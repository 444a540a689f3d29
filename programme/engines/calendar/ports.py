"""What the personal calendar asks of the rooms above: which events a person has, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.feeds.entries import Site
    from programme.engines.calendar.ical.entry import CalendarEntry


class Hold(StrEnum):
    """How firmly a person has a place; what is open to them holds none."""

    OPEN = "open"
    FIRM = "firm"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """One event in one person's calendar.

    `revision` is added to the event's SEQUENCE and never falls; `changed_at` is when the hold last changed.
    """

    event_id: int
    hold: Hold
    revision: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """Which items are wanted: those whose event ends after `held_until`, and withdrawn ones after `withdrawn_until`."""

    held_until: datetime
    withdrawn_until: datetime


class CalendarSource(Protocol):
    """A room that knows of events a person has."""

    def items(self, session: Session, person_id: int, window: Window) -> Iterable[CalendarItem]:
        """Return the person's items, at most one an event."""


class EntrySource(Protocol):
    """A room that knows of days in somebody's calendar that are no events: when something of theirs is due."""

    def entries(self, session: Session, person_id: int, window: Window, *, site: Site) -> Iterable[CalendarEntry]:
        """Return the person's entries, each under a UID of its own that never changes, in order of time."""
