"""Who comes by one chair: whoever registered, and those who come along, each with a mark of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.registration.models import CompanionMark
from programme.engines.registration.states import Attendance

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.registration.models import Seat

HOST = 0
"""What whoever registered is called among those of a chair; the others are called by their ids."""


@dataclass(frozen=True, slots=True)
class Comer:
    """One of those who come by a chair, and where they stand."""

    who: int
    name: str
    attendance: Attendance
    attended_at: datetime | None


def comers(seat: Seat) -> list[Comer]:
    """Return who comes by a chair: whoever registered first, then the others in the order in which they were named."""
    row = seat.registration
    host = Comer(HOST, row.name, seat.attendance, seat.attended_at)
    if row.heads == 1:  # so that a list of a thousand who come alone asks for nobody else
        return [host]
    marks = {one.companion_id: (one.attendance, one.attended_at) for one in seat.companion_marks}
    unmarked = (Attendance.UNKNOWN, None)
    return [host, *(Comer(one.id, one.name, *marks.get(one.id, unmarked)) for one in row.companions)]


def those_present(seat: Seat) -> list[Comer]:
    """Return who of a chair came."""
    return [one for one in comers(seat) if one.attendance is Attendance.PRESENT]


def mark(seat: Seat, who: int, attendance: Attendance, *, at: datetime) -> None:
    """Note of one of a chair whether they came, and when; the chair is locked."""
    when = at if attendance is Attendance.PRESENT else None
    if who == HOST:
        seat.attendance, seat.attended_at = attendance, when
        return
    found = next((one for one in seat.companion_marks if one.companion_id == who), None)
    if found is None:
        seat.companion_marks.append(CompanionMark(companion_id=who, attendance=attendance, attended_at=when))
    else:
        found.attendance, found.attended_at = attendance, when
