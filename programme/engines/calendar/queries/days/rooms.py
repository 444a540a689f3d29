"""What is in a room already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import visible_to
from programme.engines.calendar.states import EventState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

Span = tuple["datetime", "datetime"]
MOST_TAKEN = 2_000


def taken_at(
    session: Session, spans: Collection[Span], *, venue_id: int | None, room: str, actor: Actor
) -> dict[Span, Sequence[str]]:
    """Return the titles of what is in a room of a venue at each of these times, as far as `actor` may see it.

    One query; nothing without a venue and a room, as a campus holds many events at once.
    """
    if not spans or venue_id is None or not room:
        return {}
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    statement = (
        select(Event.starts_at, Event.ends_at, Event.title)
        .where(Event.venue_id == venue_id, func.lower(Event.room) == room.lower(), visible_to(actor))
        .where(Event.state != EventState.CANCELLED, Event.date_is_known, Event.starts_at < last, Event.ends_at > first)
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_TAKEN)
    )
    rows = session.execute(statement).all()
    found = {
        (start, end): [row.title for row in rows if row.starts_at < end and row.ends_at > start] for start, end in spans
    }
    return {span: titles for span, titles in found.items() if titles}
