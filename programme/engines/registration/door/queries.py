"""Named reads of the door: whose chair a code is, who is expected at an event, and how many are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.models import Event
from programme.engines.registration.door.models import Door
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.roll.counts import homes_of
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import Attendance
from programme.people.queries import escaped

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.models import Organisation

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Home:
    """How many are expected from one organisation, and how many are there; None is elsewhere."""

    organisation: Organisation | None
    here: int
    expected: int

    @property
    def name(self) -> str:
        """Return what the door calls it."""
        return self.organisation.short_name if self.organisation else "Elsewhere"


def seat_with_all(session: Session, seat_id: int) -> Seat | None:
    """Return a chair with what a ticket shows."""
    statement = (
        select(Seat)
        .where(Seat.id == seat_id)
        .options(
            joinedload(Seat.registration).joinedload(Registration.organisation),
            joinedload(Seat.event).options(joinedload(Event.venue), joinedload(Event.series)),
        )
    )
    return session.scalar(statement)


def is_expected(opening_id: int, event_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what makes a chair one that is held at an event, by somebody with a place in an opening."""
    return (
        Registration.opening_id == opening_id,
        Seat.event_id == event_id,
        HAS_CHAIR,
    )


def chairs(opening_id: int, event_id: int, words: str = "", mark: Attendance | None = None) -> Select[Seat]:
    """Return the chairs held at an event, by name."""
    found = (
        select(Seat)
        .join(Registration, Registration.id == Seat.registration_id)
        .where(*is_expected(opening_id, event_id))
        .options(
            joinedload(Seat.registration).options(
                joinedload(Registration.organisation), selectinload(Registration.companions)
            )
        )
        .order_by(func.lower(Registration.name), Seat.id)
    )
    if mark:
        found = found.where(Seat.attendance == mark)
    for word in words.split()[:MOST_WORDS]:
        found = found.where(func.lower(Registration.name).like(f"%{escaped(word.lower())}%", escape="\\"))
    return found


def how_many_chairs(session: Session, opening_id: int, event_id: int, mark: Attendance | None = None) -> int:
    """Count the chairs held at an event: one for each registration, however many come by it."""
    found = chairs(opening_id, event_id, mark=mark).with_only_columns(Seat.id).order_by(None)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def homes_here(session: Session, opening_id: int, event_id: int) -> list[Home]:
    """Count those expected and those there, by where they say they belong, in two statements."""
    statement = (
        select(Registration.organisation_id, Seat.attendance, func.count())
        .join(Registration, Registration.id == Seat.registration_id)
        .where(*is_expected(opening_id, event_id))
        .group_by(Registration.organisation_id, Seat.attendance)
    )
    found: dict[int | None, tuple[int, int]] = {}
    for home, attendance, number in session.execute(statement):
        here, expected = found.get(home, (0, 0))
        found[home] = (here + (number if attendance is Attendance.PRESENT else 0), expected + number)
    known = homes_of(session, [one for one in found if one is not None])
    lines = [Home(row, *found[key]) for key, row in known.items()]
    return [*lines, Home(None, *found[None])] if None in found else lines


def takes_walk_ins(session: Session, opening_id: int) -> bool:
    """Whether people without a place may be let in at an opening's door."""
    return bool(session.scalar(select(Door.takes_walk_ins).where(Door.opening_id == opening_id)))
