"""Named reads of the door: whose chair a code is, who is expected at an event, and how many are there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, literal_column, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.models import Event
from programme.engines.registration.door.models import Door
from programme.engines.registration.models import Companion, CompanionMark, Registration, Seat
from programme.engines.registration.roll.counts import homes_of
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import Attendance
from programme.people.queries import escaped

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.models import Organisation

MOST_WORDS = 8
IS_THEIRS = and_(CompanionMark.companion_id == Companion.id, CompanionMark.seat_id == Seat.id)
"""Which mark is of one who comes along at one chair, if there is any."""
STANDS = func.coalesce(CompanionMark.attendance, literal_column(f"'{Attendance.UNKNOWN.value}'"))
"""Where one who comes along stands: not marked, where nobody has said anything yet."""


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
    """Return the chairs held at an event, by name of whoever registered; found by that of who comes along, too."""
    found = (
        select(Seat)
        .join(Registration, Registration.id == Seat.registration_id)
        .where(*is_expected(opening_id, event_id))
        .options(
            joinedload(Seat.registration).options(
                joinedload(Registration.organisation), selectinload(Registration.companions)
            ),
            selectinload(Seat.companion_marks),
        )
        .order_by(func.lower(Registration.name), Seat.id)
    )
    if mark:
        found = found.where(or_(Seat.attendance == mark, brings().where(STANDS.in_([mark])).exists()))
    for word in words.split()[:MOST_WORDS]:
        part = f"%{escaped(word.lower())}%"
        theirs = brings().where(func.lower(Companion.name).like(part, escape="\\")).exists()
        found = found.where(or_(func.lower(Registration.name).like(part, escape="\\"), theirs))
    return found


def brings() -> Select[int]:
    """Select who comes along to a chair of the statement around it, each with their mark."""
    own = select(Companion.id).outerjoin(CompanionMark, IS_THEIRS)
    return own.where(Companion.registration_id == Seat.registration_id).correlate(Seat)


def how_many_chairs(session: Session, opening_id: int, event_id: int, mark: Attendance | None = None) -> int:
    """Count the chairs held at an event: one for each registration, however many come by it."""
    found = chairs(opening_id, event_id, mark=mark).with_only_columns(Seat.id).order_by(None)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def standings(session: Session, opening_id: int, event_id: int) -> list[tuple[int | None, Attendance, int]]:
    """Count heads by where they say they belong and by where they stand; who comes along counts as who brings them."""
    own = (
        select(Registration.organisation_id, Seat.attendance, func.count())
        .join(Registration, Registration.id == Seat.registration_id)
        .where(*is_expected(opening_id, event_id))
        .group_by(Registration.organisation_id, Seat.attendance)
    )
    others = (
        select(Registration.organisation_id, STANDS, func.count())
        .select_from(Seat)
        .join(Registration, Registration.id == Seat.registration_id)
        .join(Companion, Companion.registration_id == Registration.id)
        .outerjoin(CompanionMark, IS_THEIRS)
        .where(*is_expected(opening_id, event_id), Registration.heads > 1)
        .group_by(Registration.organisation_id, STANDS)
    )
    return [(home, Attendance(mark), number) for home, mark, number in session.execute(own.union_all(others))]


def attendance(session: Session, opening_id: int, event_id: int) -> Counter[Attendance]:
    """Count the people expected at one event by whether they came."""
    found: Counter[Attendance] = Counter()
    for _, mark, number in standings(session, opening_id, event_id):
        found[mark] += number
    return found


def homes_here(session: Session, opening_id: int, event_id: int) -> list[Home]:
    """Count the people expected and those there, by where they say they belong, in two statements."""
    found: dict[int | None, tuple[int, int]] = {}
    for home, mark, number in standings(session, opening_id, event_id):
        here, expected = found.get(home, (0, 0))
        found[home] = (here + (number if mark is Attendance.PRESENT else 0), expected + number)
    known = homes_of(session, [one for one in found if one is not None])
    lines = [Home(row, *found[key]) for key, row in known.items()]
    return [*lines, Home(None, *found[None])] if None in found else lines


def takes_walk_ins(session: Session, opening_id: int) -> bool:
    """Whether people without a place may be let in at an opening's door."""
    return bool(session.scalar(select(Door.takes_walk_ins).where(Door.opening_id == opening_id)))
