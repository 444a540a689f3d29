"""What the page of a place in a series tells of each of its dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.registration.series.chairs import is_series, weeks_of
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import HOLDING, LIVE, SeatState
from programme.screens.registrations.summary import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Registration, Seat
    from programme.engines.registration.series.weeks import Week


def theirs(row: Registration) -> list[Event]:
    """Return the events that a registration is for: where people choose, those they chose."""
    chooses = row.opening.chooses is not None
    return [seat.event for seat in row.seats if not (chooses and seat.state is SeatState.SKIPPED)]


def dates_of(session: Session, row: Registration, *, now: datetime) -> list[Mapping[str, Any]]:
    """Return the dates of a place in a series with what may be done about each; none where it is no series."""
    if row.state not in LIVE or not is_series(row.opening):
        return []
    weeks, dates = weeks_of(session, row.opening, now=now), terms(session)
    seats = sorted(row.seats, key=lambda seat: (seat.event.starts_at, seat.event_id))
    return [
        {**day_of(seat.event, dates), **standing_of(seat, weeks.get(seat.event_id), now=now), "event_id": seat.event_id}
        for seat in seats
    ]


def standing_of(seat: Seat, week: Week | None, *, now: datetime) -> Mapping[str, Any]:
    """Return how a chair stands, and what its person may do about it now."""
    row, is_ahead = seat.registration, lies_ahead(seat, now)
    is_skipped = seat.state is SeatState.SKIPPED
    waits_again = is_skipped and is_ahead and row.state not in HOLDING
    is_free = week is not None and week.spare >= row.heads and (week.room is None or week.room >= row.heads)
    return {
        "chair": seat.state.value if is_skipped or seat.state is SeatState.LENT else row.state.value,
        "may_skip": is_ahead and has_chair(seat),
        "may_take_back": waits_again or (is_skipped and is_ahead and is_free),
        "is_gone": is_skipped and is_ahead and not waits_again and not is_free,
    }


def lies_ahead(seat: Seat, now: datetime) -> bool:
    """Whether a date has not begun; one that is not known yet has not."""
    return seat.event.starts_at > now or not seat.event.date_is_known
