"""Verbs of the door: each takes the chair's lock first, then decides by the pure rule; none tells anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from programme.core.refusal import Refusal
from programme.engines.registration.door.checking import Checked, came_at, checked
from programme.engines.registration.door.models import Door, DoorAct
from programme.engines.registration.door.queries import is_expected
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import Attendance, RegistrationState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

WITHOUT_PLACE = {
    RegistrationState.CANCELLED: "{name}’s place was cancelled, so nobody is let in by it.",
    RegistrationState.WAITLISTED: "{name} is on the waiting list and has no place here.",
    RegistrationState.PENDING: "{name}’s registration is not decided yet, so there is no place.",
    RegistrationState.REFUSED: "{name} was not admitted and has no place here.",
    RegistrationState.LAPSED: "{name}’s place has lapsed, so nobody is let in by it.",
}
GIVEN_BACK = "{name} gave the place at this event back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press at the door: what is to be so, the key the telephone made up for it, and when it says it was."""

    wanted: Attendance
    key: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A chair, and what a press upon it came to."""

    seat: Seat
    happened: Checked


def press(session: Session, seat_id: int, pressed: Press, *, now: datetime) -> Marked:
    """Take one press in, once; Refusal where the person has no place."""
    seat = locked_seat(session, seat_id)
    row = seat.registration
    key = key_of(seat_id, pressed)
    happened = checked(
        registration=row.state,
        seat=seat.state,
        attendance=seat.attendance,
        wanted=pressed.wanted,
        was_taken_in=key is not None and was_taken_in(session, key),
    )
    if happened is Checked.NO_PLACE:
        raise Refusal(WITHOUT_PLACE.get(row.state, GIVEN_BACK).format(name=row.name))
    if happened is not Checked.REPEATED and key is not None:
        session.add(DoorAct(key=key, seat_id=seat_id, taken_in_at=now))
    if happened is Checked.DONE:
        seat.attendance = pressed.wanted
        seat.attended_at = came_at(pressed.at, now=now) if pressed.wanted is Attendance.PRESENT else None
    session.flush()
    return Marked(seat, happened)


def locked_seat(session: Session, seat_id: int) -> Seat:
    """Lock a chair until the transaction ends, then read it and its registration afresh.

    The lock is an ordinary UPDATE, the first write. Whoever cancels writes to the chair, too, so they wait for us, or
    we for them.
    """
    session.execute(update(Seat.__table__).where(Seat.id == seat_id).values(revision=Seat.revision))  # type: ignore[arg-type]
    seat = session.get_one(Seat, seat_id, populate_existing=True)
    session.get_one(Registration, seat.registration_id, populate_existing=True)
    return seat


def key_of(seat_id: int, pressed: Press) -> str | None:
    """Return what is kept of a press's key: one key for two chairs, or for here and back, is two presses."""
    if not pressed.key:
        return None
    told = f"{seat_id}:{pressed.wanted}:{pressed.key}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def was_taken_in(session: Session, key: str) -> bool:
    """Whether a press was taken in before."""
    return session.scalar(select(DoorAct.id).where(DoorAct.key == key)) is not None


def mark_all(
    session: Session, opening_id: int, event_id: int, before: Attendance, after: Attendance, *, now: datetime
) -> int:
    """Mark everybody expected at an event who stands `before` as `after`, in one statement; return how many."""
    expected = select(Seat.id).join(Registration, Registration.id == Seat.registration_id)
    meant = expected.where(*is_expected(opening_id, event_id), Seat.attendance == before)
    values = {"attendance": after, "attended_at": now if after is Attendance.PRESENT else None}
    statement = update(Seat).where(Seat.id.in_(meant), Seat.attendance == before).values(**values).returning(Seat.id)
    return len(session.scalars(statement.execution_options(synchronize_session=False)).all())


def settle(session: Session, opening_id: int, *, takes_walk_ins: bool) -> Door:
    """Say what an opening's door allows."""
    row = session.get(Door, opening_id)
    if row is None:
        row = Door(opening_id=opening_id)
        session.add(row)
    row.takes_walk_ins = takes_walk_ins
    session.flush()
    return row


def forget_presses(session: Session, *, before: datetime, most: int) -> int:
    """Delete the keys of presses that nobody sends again any more; return how many."""
    ids = session.scalars(select(DoorAct.id).where(DoorAct.taken_in_at < before).limit(most)).all()
    if ids:
        session.execute(delete(DoorAct).where(DoorAct.id.in_(ids)))
    return len(ids)
