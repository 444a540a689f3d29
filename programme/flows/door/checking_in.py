"""Checking in: a press at the door, by a button, a name or a code, with its entry in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core import audit
from programme.engines.registration.door.actions import mark_all, press
from programme.engines.registration.door.checking import Checked
from programme.engines.registration.models import Opening
from programme.flows.attending import note

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.door.actions import Marked, Press
    from programme.engines.registration.states import Attendance
    from programme.people.permissions import Actor


def check_in(session: Session, seat_id: int, pressed: Press, *, actor: Actor, now: datetime) -> Marked:
    """Take a press in; what changed is written down, once."""
    marked = press(session, seat_id, pressed, now=now)
    if marked.happened is Checked.DONE:
        note(session, marked.seat, pressed.wanted, actor=actor, now=now, heads=len(marked.whom))
    return marked


def mark_the_rest(
    session: Session,
    opening_id: int,
    event_id: int,
    before: Attendance,
    after: Attendance,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Mark everybody at an event who stands `before` as `after`, with one entry in the trail; return how many."""
    number = mark_all(session, opening_id, event_id, before, after, now=now)
    if number:
        opening = session.get_one(Opening, opening_id)
        told = {"event_id": event_id, "from": before.value, "attendance": after.value, "people": number}
        audit.note(session, opening, "marked the rest", actor=actor, now=now, after=told)
    return number
