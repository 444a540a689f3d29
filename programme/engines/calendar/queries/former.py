"""When an event was to begin before it was moved, from the trail: what is moved keeps only where it is now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOVING = ("moved", "postponed", "reinstated")
MOST_MOVES = 20


def former_starts(session: Session, event: Event) -> tuple[datetime, ...]:
    """Return the starts that people were told before the present one, the first told first, each once."""
    trail = (
        select(AuditEntry.before)
        .where(AuditEntry.subject_kind == Event.__tablename__, AuditEntry.subject_id == event.id)
        .where(AuditEntry.verb.in_(MOVING))
        .order_by(AuditEntry.id.desc())
        .limit(MOST_MOVES)
    )
    told = [before["starts_at"] for before in session.scalars(trail) if before and "starts_at" in before]
    starts = dict.fromkeys(datetime.fromisoformat(start) for start in reversed(told))
    return tuple(start for start in starts if start != event.starts_at)
