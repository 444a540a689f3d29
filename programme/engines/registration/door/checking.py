"""What a press at the door comes to: by where the chair stands, and by what was taken in before. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from programme.engines.registration.states import HOLDING, Attendance, RegistrationState, SeatState

OLDEST = timedelta(hours=24)
"""How long a telephone without a connection is believed about when somebody came."""


class Checked(StrEnum):
    """What a press came to."""

    DONE = "done"
    ALREADY = "already"
    REPEATED = "repeated"
    NO_PLACE = "no place"


def checked(
    *,
    registration: RegistrationState,
    seat: SeatState,
    attendance: Attendance,
    wanted: Attendance,
    was_taken_in: bool,
) -> Checked:
    """Decide about one press.

    One that was taken in before changes nothing, whatever has happened since. Whoever has no place is not let in; that
    somebody was marked may be taken back all the same.
    """
    if was_taken_in:
        return Checked.REPEATED
    if attendance is wanted:
        return Checked.ALREADY
    has_place = seat is SeatState.LENT or (registration in HOLDING and seat is SeatState.HELD)
    return Checked.DONE if has_place or wanted is Attendance.UNKNOWN else Checked.NO_PLACE


def came_at(told: datetime | None, *, now: datetime) -> datetime:
    """Return when somebody came: as the telephone says, unless that lies ahead, or a day or more behind."""
    if told is None or told > now or told <= now - OLDEST:
        return now
    return told
