"""Attending: who came to an event, marked by its organisers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.audit import record
from programme.engines.registration.decisions import mark_attendance

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Seat
    from programme.engines.registration.states import Attendance
    from programme.people.permissions import Actor


def mark(session: Session, seat_id: int, attendance: Attendance, *, actor: Actor, now: datetime) -> Seat:
    """Mark one seat present, absent or unknown."""
    seat = mark_attendance(session, seat_id, attendance, now=now)
    note(session, seat, attendance, actor=actor, now=now)
    return seat


def mark_all(
    session: Session, seat_ids: Iterable[int], attendance: Attendance, *, actor: Actor, now: datetime
) -> list[Seat]:
    """Mark several seats alike."""
    return [mark(session, seat_id, attendance, actor=actor, now=now) for seat_id in seat_ids]


def note(
    session: Session, seat: Seat, attendance: Attendance, *, actor: Actor, now: datetime, heads: int | None = None
) -> None:
    """Write the act into the audit trail; of a group, for how many of them it was, if not for all."""
    of = {} if heads is None or heads == seat.registration.heads else {"people": heads}
    record(
        session,
        person_id=actor.person_id,
        verb="mark attendance",
        subject=("registration", seat.registration_id),
        now=now,
        organisation_id=seat.event.lead_organisation_id,
        after={"event_id": seat.event_id, "attendance": attendance.value, **of},
    )
