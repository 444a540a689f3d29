"""Copying events with the reminders that are their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.calendar.actions.plans import copies
from programme.engines.reminders.copying import copy_rules
from programme.flows.subjects.events import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.people.permissions import Actor

Copied = tuple[list["Event"], int]
"""The drafts, and how many of them took reminders along."""


def copy(session: Session, event_id: int, *, starts_at: datetime, actor: Actor, now: datetime) -> Copied:
    """Make a draft like an event, which reminds as that one does."""
    draft = copies.copy(session, event_id, starts_at=starts_at, actor=actor, now=now)
    return with_reminders(session, [(event_id, draft)], now=now)


def copy_series(session: Session, series_id: int, *, year: int, first_day: date, actor: Actor, now: datetime) -> Copied:
    """Make drafts of a year's events of a series; each reminds as the one that it is like."""
    made = copies.copy_series(session, series_id, year=year, first_day=first_day, actor=actor, now=now)
    return with_reminders(session, made.items(), now=now)


def with_reminders(session: Session, made: Iterable[tuple[int, Event]], *, now: datetime) -> Copied:
    """Give drafts the reminders of the events that they are like."""
    pairs = list(made)
    strands = {event_id: draft.strand for event_id, draft in pairs}
    drafts = {event_id: draft.id for event_id, draft in pairs}
    return [draft for _, draft in pairs], copy_rules(session, EVENTS.kind, drafts, strands=strands, now=now)
