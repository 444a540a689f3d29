"""Verbs of the door: each takes the chair's lock first, then decides by the pure rule; none tells anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select, update

from programme.core.refusal import Refusal
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.door.checking import Checked, came_at, checked
from programme.engines.registration.door.group import comers, mark
from programme.engines.registration.door.models import Door, DoorAct
from programme.engines.registration.door.queries import is_expected, takes_walk_ins
from programme.engines.registration.door.reasons import why_not
from programme.engines.registration.models import Companion, CompanionMark, Registration, Seat
from programme.engines.registration.states import Attendance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.door.group import Comer
    from programme.engines.registration.door.reasons import Why

NOBODY_MEANT = (
    "Nobody is ticked, or whoever was does not come along any more. Look at the group again, and tick who came."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press at the door: what is to be so, the key the telephone made up for it, and when it says it was.

    `who` says of whom of a group it is (see `group`); None is of all of them.
    """

    wanted: Attendance
    key: str = ""
    at: datetime | None = None
    who: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A chair, what a press upon it came to, and of whom: of those it changed, or else of those it was meant for."""

    seat: Seat
    happened: Checked
    whom: tuple[Comer, ...]


def press(session: Session, seat_id: int, pressed: Press, *, now: datetime) -> Marked:
    """Take one press in, once; Refusal where the person has no place."""
    seat = locked_seat(session, seat_id)
    meant = [one for one in comers(seat) if pressed.who is None or one.who in pressed.who]
    if not meant:
        raise Refusal(NOBODY_MEANT)
    key = key_of(seat_id, pressed)
    before = key is not None and was_taken_in(session, key)
    happened = {one.who: happening(seat, one, pressed.wanted, was_taken_in=before) for one in meant}
    if Checked.NO_PLACE in happened.values():  # a group has a place, or none, together
        raise Refusal(why_at(session, seat).sentences)
    if not before and key is not None:
        session.add(DoorAct(key=key, seat_id=seat_id, taken_in_at=now))
    changed = {who for who, one in happened.items() if one is Checked.DONE}
    for who in changed:
        mark(seat, who, pressed.wanted, at=came_at(pressed.at, now=now))
    session.flush()
    told = changed or set(happened)
    whom = tuple(one for one in comers(seat) if one.who in told)
    return Marked(seat, Checked.DONE if changed else happened[meant[0].who], whom)


def happening(seat: Seat, one: Comer, wanted: Attendance, *, was_taken_in: bool) -> Checked:
    """Return what a press comes to for one of those who come by a chair."""
    return checked(
        registration=seat.registration.state,
        seat=seat.state,
        attendance=one.attendance,
        wanted=wanted,
        was_taken_in=was_taken_in,
    )


def why_at(session: Session, seat: Seat) -> Why:
    """Say why a chair lets nobody in, and what to do, by what its opening's door allows."""
    row = seat.registration
    return why_not(
        row.name,
        row.state,
        seat.state,
        takes_walk_ins=takes_walk_ins(session, row.opening_id),
        by_keys=keyed_terms(session, row.opening) is not None,
    )


def locked_seat(session: Session, seat_id: int) -> Seat:
    """Lock a chair until the transaction ends, then read it, its registration and who comes along afresh.

    The lock is an ordinary UPDATE, the first write. Whoever cancels or leaves somebody out writes to the chair, too, so
    they wait for us, or we for them.
    """
    session.execute(update(Seat.__table__).where(Seat.id == seat_id).values(revision=Seat.revision))  # type: ignore[arg-type]
    seat = session.get_one(Seat, seat_id, populate_existing=True)
    row = session.get_one(Registration, seat.registration_id, populate_existing=True)
    if row.heads > 1:
        session.refresh(row, ["companions"])
        session.refresh(seat, ["companion_marks"])
    return seat


def key_of(seat_id: int, pressed: Press) -> str | None:
    """Return what is kept of a press's key: for two chairs, for two people, or for here and back, it is two presses."""
    if not pressed.key:
        return None
    whom = "" if pressed.who is None else f"{sorted(pressed.who)}:"
    told = f"{seat_id}:{pressed.wanted}:{whom}{pressed.key}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def was_taken_in(session: Session, key: str) -> bool:
    """Whether a press was taken in before."""
    return session.scalar(select(DoorAct.id).where(DoorAct.key == key)) is not None


def mark_all(
    session: Session, opening_id: int, event_id: int, before: Attendance, after: Attendance, *, now: datetime
) -> int:
    """Mark everybody expected at an event who stands `before` as `after`, those who come along too; return how many."""
    expected = select(Seat.id).join(Registration, Registration.id == Seat.registration_id)
    expected = expected.where(*is_expected(opening_id, event_id))
    values = {"attendance": after, "attended_at": now if after is Attendance.PRESENT else None}
    brought = mark_brought(session, expected.where(Registration.heads > 1), before, values)
    meant = expected.where(Seat.attendance == before)
    statement = update(Seat).where(Seat.id.in_(meant), Seat.attendance == before).values(**values).returning(Seat.id)
    return brought + len(session.scalars(statement.execution_options(synchronize_session=False)).all())


def mark_brought(session: Session, groups: Select[int], before: Attendance, values: Mapping[str, Any]) -> int:
    """Mark those who come along to some chairs and stand `before`; the chairs are locked first. Return how many."""
    session.execute(update(Seat.__table__).where(Seat.id.in_(groups)).values(revision=Seat.revision))  # type: ignore[arg-type]
    kept = CompanionMark.seat_id.in_(groups) & (CompanionMark.attendance == before)
    changing = update(CompanionMark).where(kept).values(**values).returning(CompanionMark.companion_id)
    again = changing.execution_options(synchronize_session=False)
    number = len(session.execute(again).all())
    if before is Attendance.UNKNOWN:
        rows = [{"seat_id": seat, "companion_id": one, **values} for seat, one in session.execute(never_marked(groups))]
        if rows:
            session.execute(insert(CompanionMark), rows)
        number += len(rows)
    return number


def never_marked(groups: Select[int]) -> Select[int, int]:
    """Return who comes along to some chairs of whom nobody has said yet whether they came, with the chair."""
    said = and_(CompanionMark.seat_id == Seat.id, CompanionMark.companion_id == Companion.id)
    return (
        select(Seat.id, Companion.id)
        .join(Companion, Companion.registration_id == Seat.registration_id)
        .outerjoin(CompanionMark, said)
        .where(Seat.id.in_(groups), CompanionMark.seat_id.is_(None))
    )


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
