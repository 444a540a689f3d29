"""Reminding: what is due is reckoned from how things stand now, and queued under keys that forbid twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.reminders.queueing import queue_due
from programme.flows.subjects.events import EVENTS
from programme.flows.subjects.openings import OPENINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.reminders.ports import ReminderSubject

SUBJECTS: Sequence[ReminderSubject] = (EVENTS, OPENINGS)
"""What reminds of the engines' own things; strands add theirs in the factory."""


def queue_due_reminders(session: Session, now: datetime, subjects: Sequence[ReminderSubject] = SUBJECTS) -> int:
    """Queue every reminder that is due and not queued yet; return how many letters are new."""
    return queue_due(session, subjects, now=now)
