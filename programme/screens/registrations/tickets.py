"""Codes on the page of somebody's place: the next one drawn, the others as links; certificates afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app

from programme.core.web.words import join_words
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.states import EventState
from programme.engines.registration.door.group import those_present
from programme.engines.registration.door.pictures import svg_of
from programme.engines.registration.feedback.actions import reason_against
from programme.engines.registration.series.sitting import is_admitted
from programme.engines.registration.states import HOLDING, Attendance

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.door.codes import Codes
    from programme.engines.registration.feedback.links import FeedbackLinks
    from programme.engines.registration.models import Registration, Seat

AFTER = timedelta(hours=12)


def codes_of(row: Registration, *, now: datetime) -> list[dict[str, Any]]:
    """Return what is shown at the door for each event that is still to come; the first one's code is drawn."""
    codes: Codes = current_app.extensions["codes"]
    seats = sorted((seat for seat in row.seats if is_shown(seat, now=now)), key=lambda seat: seat.event.starts_at)
    return [
        {
            "title": title_of(seat),
            "starts": seat.event.starts_at,
            "url": codes.path(seat),
            "picture": svg_of(codes.url(seat), title=f"Code for {title_of(seat)}") if number == 0 else "",
            "came": seat.attended_at,
        }
        for number, seat in enumerate(seats)
    ]


def is_shown(seat: Seat, *, now: datetime) -> bool:
    """Whether there is a door to come to with a chair."""
    event = seat.event
    has_place = is_admitted(seat)
    is_ahead = event.date_is_known and event.ends_at + AFTER > now
    return has_place and is_ahead and event.state is not EventState.CANCELLED


def certificates_of(row: Registration) -> list[dict[str, Any]]:
    """Return the events at which somebody was, or who came along, each with where the certificates are."""
    there = {seat.id: [one.name for one in those_present(seat)] for seat in row.seats if row.state in HOLDING}
    return [
        {"title": title_of(seat), "id": seat.event_id, "names": join_words(there[seat.id]) if row.heads > 1 else ""}
        for seat in row.seats
        if there.get(seat.id)
    ]


def feedback_url(session: Session, row: Registration) -> str:
    """Return where somebody says how it was; nothing where they may not, or have."""
    links: FeedbackLinks = current_app.extensions["feedback_links"]
    came = any(seat.attendance is Attendance.PRESENT for seat in row.seats)
    return links.path(row) if came and not reason_against(session, row) else ""


def title_of(seat: Seat) -> str:
    """Return an event's title as people see it."""
    return shown_title(seat.event.title, is_known=seat.event.title_is_known)
