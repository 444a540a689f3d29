"""Putting a warning about an event aside: somebody has thought about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.audit import note
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.models import WarningPutAside

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def put_aside(session: Session, event_id: int, mark: str, *, words: str, actor: Actor, now: datetime) -> None:
    """Tell of a warning no more, until it is another one; twice is once. The trail keeps its `words`."""
    event = lock(session, event_id)
    if session.get(WarningPutAside, (event_id, mark)) is not None:
        return
    session.add(WarningPutAside(event_id=event_id, mark=mark, put_aside_at=now))
    session.flush()
    note(session, event, "warning put aside", actor=actor, now=now, after={"warning": words})
