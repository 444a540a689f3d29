"""What stands in timetables: breaks of events, and who speaks in their parts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.models import Contribution, TimetableBreak

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session


def breaks_of(session: Session, event_id: int) -> Sequence[TimetableBreak]:
    """Return the breaks of an event, in their order."""
    mine = select(TimetableBreak).where(TimetableBreak.event_id == event_id)
    return session.scalars(mine.order_by(TimetableBreak.begins_after, TimetableBreak.id)).all()


def breaks_at(session: Session, ids: Collection[int]) -> dict[int, list[TimetableBreak]]:
    """Return the breaks of each event, in their order: one query."""
    found: defaultdict[int, list[TimetableBreak]] = defaultdict(list)
    wanted = select(TimetableBreak).where(TimetableBreak.event_id.in_(ids))
    for row in session.scalars(wanted.order_by(TimetableBreak.begins_after, TimetableBreak.id)):
        found[row.event_id].append(row)
    return found


def names_at(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return who is on the programme of each event, in their order; nothing is asked about no event."""
    if not ids:
        return {}
    found: defaultdict[int, list[str]] = defaultdict(list)
    wanted = select(Contribution.event_id, Contribution.name).where(Contribution.event_id.in_(ids))
    for event_id, name in session.execute(wanted.order_by(Contribution.position, Contribution.id)):
        found[event_id].append(name)
    return {event_id: tuple(names) for event_id, names in found.items()}
