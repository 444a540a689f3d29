"""Locking an event: raise its version as the first write, refresh the row, then decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

GONE = "This event is not there any more."
STALE = (
    "This event changed while you were editing it. What you typed is still here: compare it with the event as it is "
    "now, then save again."
)


def lock(session: Session, event_id: int, *, version: int | None = None) -> Event:
    """Lock one event and return it as it is now, its version raised by one.

    `version` is what the person's form was made from: a Refusal where the event has changed since.
    """
    raised = update(Event).where(Event.id == event_id).values(version=Event.version + 1)
    session.execute(raised, execution_options={"synchronize_session": False})
    event = session.get(Event, event_id)
    if event is None:
        raise Refusal(GONE)
    session.refresh(event)
    if version is not None and event.version != version + 1:
        raise Refusal(STALE)
    return event
