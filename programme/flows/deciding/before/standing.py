"""How registrations stood before a decision about many: what it may change of each, kept, and which chairs it moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from programme.engines.registration.deciding.models import DecisionLine
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import RegistrationState, SeatState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

R = RegistrationState
PLAIN: Mapping[str, Any] = {
    "confirmed_at": None,
    "offered_at": None,
    "answer_by": None,
    "ended_at": None,
    "prove_by": None,
    "leaves_at": None,
    "reason": "",
}
"""What of a registration a decision may change beside its state, as it is of most who wait."""
KEPT = (*PLAIN, "joined_at")
INSTANTS = frozenset(KEPT) - {"reason"}
Chair = tuple[SeatState, datetime | None]
"""How a chair stands, and when it was lent."""
PLAIN_CHAIR: Chair = (SeatState.HELD, None)


@dataclass(frozen=True, slots=True)
class Stood:
    """How a registration stood before; of chairs those that are not named were plainly held."""

    state: RegistrationState
    kept: Mapping[str, Any]
    chairs: Mapping[int, Chair] = field(default_factory=dict)


def stood_before(session: Session, rows: Sequence[Registration]) -> dict[int, Stood]:
    """Return how those stand about whom it is decided, before it is."""
    chairs = chairs_of(session, [row.id for row in rows])
    return {row.id: Stood(row.state, kept_of(row), chairs.get(row.id, {})) for row in rows}


def kept_of(row: Registration) -> dict[str, Any]:
    """Return what a decision may change."""
    return {name: getattr(row, name) for name in KEPT}


def chairs_of(session: Session, ids: Collection[int]) -> dict[int, dict[int, Chair]]:
    """Return the chairs of some registrations, by event."""
    columns = select(Seat.registration_id, Seat.event_id, Seat.state, Seat.lent_at)
    found: dict[int, dict[int, Chair]] = {}
    for one, event_id, state, lent_at in session.execute(columns.where(Seat.registration_id.in_(ids))):
        found.setdefault(one, {})[event_id] = (state, lent_at)
    return found


def waiting_apart(session: Session, opening_ids: Collection[int]) -> dict[int, Stood]:
    """Return those who wait and of whom something is not as it is of most: they may move up by the decision.

    Whoever moves up is known only afterwards, so this is what is looked at beforehand, without the thousands of others.
    """
    waits = (Registration.opening_id.in_(opening_ids), Registration.state == R.WAITLISTED)
    odd = or_(*(getattr(Registration, name).is_distinct_from(value) for name, value in PLAIN.items()))
    columns = select(Registration.id, *(getattr(Registration, name) for name in KEPT))
    kept = {one: dict(zip(KEPT, values, strict=True)) for one, *values in session.execute(columns.where(*waits, odd))}
    theirs = select(Seat.registration_id, Seat.event_id, Seat.state, Seat.lent_at)
    theirs = theirs.join(Registration, Registration.id == Seat.registration_id).where(*waits)
    chairs: dict[int, dict[int, Chair]] = {}
    for one, event_id, state, lent_at in session.execute(
        theirs.where(or_(Seat.state != SeatState.HELD, Seat.lent_at.is_not(None)))
    ):
        chairs.setdefault(one, {})[event_id] = (state, lent_at)
    return {one: Stood(R.WAITLISTED, kept.get(one, PLAIN), chairs.get(one, {})) for one in {*kept, *chairs}}


def line_of(row: Registration, stood: Stood, chairs: Mapping[int, Chair], *, follows: bool) -> DecisionLine:
    """Return what is kept of one registration of a round: what it changed, and nothing else.

    Whatever it left alone may change until it is undone, and stays so.
    """
    changed = {name: value for name, value in stood.kept.items() if value != getattr(row, name)}
    moved = {
        str(event_id): in_json(before, after)
        for event_id, after in chairs.items()
        if (before := stood.chairs.get(event_id, PLAIN_CHAIR)) != after
    }
    return DecisionLine(
        registration_id=row.id,
        state_before=stood.state,
        state_after=row.state,
        before={name: value.isoformat() if isinstance(value, datetime) else value for name, value in changed.items()},
        chairs=moved,
        follows=follows,
    )


def in_json(before: Chair, after: Chair) -> dict[str, str | None]:
    """Return as JSON how a chair stood, and when it had been lent."""
    return {"before": before[0].value, "after": after[0].value, "lent_at": before[1].isoformat() if before[1] else None}


def put_back(row: Registration, line: DecisionLine) -> None:
    """Let the columns of a registration say what they said before."""
    for name, value in line.before.items():
        setattr(row, name, datetime.fromisoformat(value) if name in INSTANTS and value else value)
