"""The chairs that a decision about many moved, put back when it is undone: as long as nobody else sits on them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from programme.core.web.words import short_date
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.series.actions import turn
from programme.engines.registration.series.chairs import chairless, is_over, weeks_of
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.series.weeks import to_lend
from programme.engines.registration.states import RegistrationState, SeatState
from programme.engines.registration.waiting.lending import beyond_capacity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.deciding.models import DecisionLine

SAT_ON = "Their chair {when} has gone to somebody else meanwhile; they have their place back without it."
OVER = "They sit {when} beyond the chairs that are left."
LENT_ON = "The chair that was lent to them {when} has gone to somebody else meanwhile."


def lacking_ahead(session: Session, row: Registration, *, now: datetime) -> list[Seat]:
    """Return the chairs that are not there for a place that is to be given back; `row` does not have it yet."""
    lacking = chairless(session, row.opening, row, now=now)
    return [
        seat
        for seat in row.seats
        if seat.event_id in lacking and seat.state is SeatState.HELD and not is_over(seat.event, now=now)
    ]


def is_taken(session: Session, event_id: int, *, since: datetime, known: Collection[int]) -> bool:
    """Whether somebody sat down at an event since."""
    later = or_(Registration.confirmed_at >= since, Registration.offered_at >= since, Seat.changed_at >= since)
    found = select(Seat.id).join(Registration, Registration.id == Seat.registration_id)
    found = found.where(Seat.event_id == event_id, HAS_CHAIR, later, Registration.id.not_in(known))
    return session.scalar(found.limit(1)) is not None


def give_chairs_back(row: Registration, line: DecisionLine, *, now: datetime) -> None:
    """Let the chairs of a registration stand as before, but those that had been lent to it.

    What somebody has done with a chair since stands.
    """
    for seat, before, lent_at in moved(row, line):
        if before is not SeatState.LENT:
            if seat.state is not before:
                turn(seat, before, now=now)
            seat.lent_at = lent_at


def go_without(
    session: Session, lacking: Sequence[Seat], *, since: datetime, known: Collection[int], now: datetime
) -> list[str]:
    """Give up the chairs on which somebody sat down `since`, and say of each how it stands.

    Those `known` stand as before already. Who sat beyond the chairs before does so again.
    """
    said = []
    for seat in lacking:
        if is_taken(session, seat.event_id, since=since, known=known):
            turn(seat, SeatState.SKIPPED, now=now)
            said.append(SAT_ON.format(when=when(seat.event)))
        else:
            said.append(OVER.format(when=when(seat.event)))
    return said


def lend_again(session: Session, line: DecisionLine, settled: set[int], *, now: datetime) -> list[str]:
    """Lend the chairs again that somebody who waits had, where they are there still; say which are not.

    Only right once everybody of the round stands as before: then it is known who skips which week. `settled` are the
    chairs of which an earlier part of the round has told already how they stood.
    """
    row, said = session.get_one(Registration, line.registration_id), list[str]()
    for seat, before, lent_at in list(moved(row, line)):
        if seat.id in settled:
            continue
        settled.add(seat.id)
        if before is not SeatState.LENT or row.state is not RegistrationState.WAITLISTED:
            continue
        if is_there(session, row, seat, now=now):
            turn(seat, SeatState.LENT, now=now)
            seat.lent_at = lent_at
            session.flush()
        else:
            said.append(LENT_ON.format(when=when(seat.event)))
    return said


def is_there(session: Session, row: Registration, seat: Seat, *, now: datetime) -> bool:
    """Whether the chair of a week is there to be lent again: of one that is over nobody else has it."""
    week = weeks_of(session, row.opening, now=now).get(seat.event_id)
    overbooked = beyond_capacity(session, row.opening)
    return week is not None and (week.is_over or to_lend(week, overbooked=overbooked) >= row.heads)


def moved(row: Registration, line: DecisionLine) -> Iterator[tuple[Seat, SeatState, datetime | None]]:
    """Give the chairs that a round moved and nobody has since: how each stood, and when it had been lent."""
    for seat in row.seats:
        told = (line.chairs or {}).get(str(seat.event_id))
        after = SeatState(told["after"]) if told else None
        stays = seat.state is after or (seat.state is SeatState.HELD and after is SeatState.LENT)
        if told and stays:
            yield seat, SeatState(told["before"]), datetime.fromisoformat(told["lent_at"]) if told["lent_at"] else None


def when(event: Event) -> str:
    """Say of which event a chair is."""
    return f"on {short_date(event.starts_at)}" if event.date_is_known else f"at “{event.title}”"
