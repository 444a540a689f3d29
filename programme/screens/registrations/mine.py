"""My programme: what I have a place at or wait for, by date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template

from programme.core.web.converters import slug
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_dates import TermDates, terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.registration.queries import agenda, positions, without_events
from programme.engines.registration.series.chairs import is_series
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import Attendance, RegistrationState, SeatState
from programme.extensions import database_session
from programme.people.guards import actor, signed_in
from programme.screens.registrations.signing_up import links
from programme.screens.registrations.summary import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from programme.engines.registration.models import Registration, Seat

blueprint = Blueprint("mine", __name__)
MOST_PAST = 50


@blueprint.get("/me")
@signed_in
def programme() -> Any:
    """Show what the person signed in has registered for."""
    session, person_id = database_session(), actor().person_id or 0
    seats, dates = [seat for seat in agenda(session, person_id) if not is_dropped(seat)], terms(session)
    coming = sorted((seat for seat in seats if lies_ahead(seat, g.now)), key=lambda seat: not seat.event.date_is_known)
    past = [seat for seat in reversed(seats) if not lies_ahead(seat, g.now) and is_settled(seat)]
    places = positions(session, {seat.registration_id for seat in coming if is_waiting(seat.registration)})
    return render_template(
        "registrations/mine.html",
        weeks=week_labels(dates, london_day(g.now)),
        stops=[stop_of(seat, dates, position=places.get(seat.registration_id, 0), now=g.now) for seat in coming],
        past=[stop_of(seat, dates, position=0, now=g.now) for seat in past[:MOST_PAST]],
        applications=applications(without_events(session, person_id)),
    )


def is_dropped(seat: Seat) -> bool:
    """Whether somebody chose an event once, and others since."""
    return seat.state is SeatState.SKIPPED and seat.registration.opening.chooses is not None


def is_waiting(row: Registration) -> bool:
    """Whether a registration stands on a waiting list."""
    return row.state is RegistrationState.WAITLISTED


def lies_ahead(seat: Seat, now: datetime) -> bool:
    """Whether an event is still to come; what waits for a new date is."""
    return seat.event.ends_at > now or not seat.event.date_is_known


def is_settled(seat: Seat) -> bool:
    """Whether there is a place, or was a chair for this date."""
    return seat.state is SeatState.LENT or seat.registration.state is RegistrationState.CONFIRMED


def stop_of(seat: Seat, dates: TermDates, *, position: int, now: datetime) -> Mapping[str, Any]:
    """Return one chair as an entry of the agenda."""
    event, row = seat.event, seat.registration
    day = day_of(event, dates)
    return {
        "start": event.starts_at if event.date_is_known else None,
        "end": day["ends"],
        "weeks": day["short_weeks"] if event.date_is_known else "",
        "title": day["title"],
        "url": f"/events/{slug(event.title, event.id)}",
        "strand": event.strand.value,
        "place": day["venue"],
        "place_end": day["place_end"],
        "open": not is_settled(seat),
        "state": state_of(seat),
        "skip": f"{links().path(row)}/skips/{seat.event_id}" if is_series(row.opening) else "",
        "may_skip": has_chair(seat) and (event.starts_at > now or not event.date_is_known),
        "own": row.state.value,
        "position": position,
        "prove_by": row.prove_by if row.prove_by and row.prove_by > now else None,
        "online_link": event.online_link if is_settled(seat) else "",
        "manage": links().path(row),
        "asks": row.opening.questionnaire_id is not None,
        "came": seat.attendance.value if seat.attendance is not Attendance.UNKNOWN else "",
    }


def state_of(seat: Seat) -> str:
    """Return the word that decides how an entry looks: the event's where it is called off, else the person's own."""
    if seat.event.state in {EventState.CANCELLED, EventState.POSTPONED}:
        return seat.event.state.value
    if seat.state in {SeatState.SKIPPED, SeatState.LENT}:
        return seat.state.value
    return seat.registration.state.value


def applications(rows: Sequence[Registration]) -> list[Mapping[str, Any]]:
    """Return registrations without any event."""
    return [{"title": row.opening.title, "state": row.state.value, "manage": links().path(row)} for row in rows]
