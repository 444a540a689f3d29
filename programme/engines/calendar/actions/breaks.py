"""Breaks in an event's timetable: added, changed and taken out under the event's lock."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.models import TimetableBreak
from programme.engines.calendar.timetable.spans import offset

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.people.permissions import Actor

MOST_BREAKS = 50
GONE = "This break is not there any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakDetails:
    """What a break is called, between which instants it is, and where."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""


def add(session: Session, event_id: int, details: BreakDetails, *, actor: Actor, now: datetime) -> TimetableBreak:
    """Put a break into an event's timetable."""
    event = lock(session, event_id)
    check(event, details)
    count = select(func.count()).select_from(TimetableBreak).where(TimetableBreak.event_id == event_id)
    if (session.scalar(count) or 0) >= MOST_BREAKS:
        raise Refusal(f"A timetable holds {MOST_BREAKS} breaks at most.")
    row = TimetableBreak(event_id=event_id, **columns(event, details))
    session.add(row)
    event.changed_at = now
    session.flush()
    note(session, event, "added a break", actor=actor, now=now, after=told(details))
    return row


def change(
    session: Session, event_id: int, break_id: int, details: BreakDetails, *, actor: Actor, now: datetime
) -> TimetableBreak:
    """Change a break."""
    event = lock(session, event_id)
    row = found(session, event_id, break_id)
    check(event, details)
    before = {"title": row.title}
    for name, value in columns(event, details).items():
        setattr(row, name, value)
    event.changed_at = now
    note(session, event, "changed a break", actor=actor, now=now, before=before, after=told(details))
    session.flush()
    return row


def remove(session: Session, event_id: int, break_id: int, *, actor: Actor, now: datetime) -> str:
    """Take a break out, and return what it was called."""
    event = lock(session, event_id)
    row = found(session, event_id, break_id)
    title = row.title
    session.delete(row)
    event.changed_at = now
    note(session, event, "took out a break", actor=actor, now=now, before={"title": title})
    session.flush()
    return title


def found(session: Session, event_id: int, break_id: int) -> TimetableBreak:
    """Return a break of the event, or refuse."""
    row = session.get(TimetableBreak, break_id, populate_existing=True)
    if row is None or row.event_id != event_id:
        raise Refusal(GONE)
    return row


def check(event: Event, details: BreakDetails) -> None:
    """Refuse a break of a part, and one that is not within the event."""
    if event.part_of_id is not None:
        raise Refusal("A part has no timetable of its own: put the break into that of the whole.")
    if details.ends_at <= details.starts_at:
        raise Refusal("The end must be later than the start.", field="ends")
    if details.starts_at < event.starts_at:
        raise Refusal("The event has not begun then.", field="starts")
    if details.ends_at > event.ends_at:
        raise Refusal("The event is over then.", field="ends")


def columns(event: Event, details: BreakDetails) -> dict[str, object]:
    """Return what the row keeps."""
    begins_after, minutes = offset(event.starts_at, details.starts_at, details.ends_at)
    return {"title": details.title, "place": details.place, "begins_after": begins_after, "minutes": minutes}


def told(details: BreakDetails) -> dict[str, object]:
    """Return what the trail keeps."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(details).items()
    }
