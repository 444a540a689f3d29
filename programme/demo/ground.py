"""Demonstration: what Liverpool’s organiser enters first, all invented: term dates, and access facts of places."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.actions import venues
from programme.engines.calendar.actions.venues import VenueDetails
from programme.engines.calendar.models import Venue
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.engines.calendar.term_weeks import periods
from programme.engines.calendar.term_weeks.periods import PeriodDetails
from programme.engines.calendar.term_weeks.weeks import academic_year
from programme.engines.calendar.times import london_day

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

SEPTEMBER, JANUARY = 9, 1
LAST_DAY = {SEPTEMBER: 30, JANUARY: 31}
TEACHING_WEEKS = 12
YEARS = 2
CAMPUS = {
    "step_free": "Yes, from the street to every room used.",
    "hearing": "Induction loop in the lecture rooms; live captions for public talks.",
    "toilets": "Accessible toilet on the ground floor.",
    "quiet_room": "Yes: ask at the desk.",
    "walking": "About 200 metres from the nearest stop, on level ground.",
    "parking": "None on site, but two Blue Badge bays by the door.",
}
LABORATORY = {
    "implants": "Strong magnetic fields in the halls. With a pacemaker or another implant, stay on the gallery.",
    "step_free": "Yes to lecture rooms and gallery; the hall floor has stairs.",
    "hearing": "Induction loop in the lecture room. It is loud in the halls: ear protection is given.",
    "toilets": "Accessible toilet beside the lecture room.",
    "quiet_room": "Yes, open all day.",
    "walking": "Up to 2 kilometres on a tour, about 600 metres otherwise.",
    "parking": "Free, with six Blue Badge bays by the door. Tell us your registration number.",
    "photographs": "None inside the halls.",
}
KNOWN = {
    "LIV-CAMPUS": CAMPUS,
    "LIV-MIF": CAMPUS,
    "LIV-VGM": CAMPUS,
    "LIV-SPINE": CAMPUS,
    "OXF-SCHW": CAMPUS,
    "OXF-SBS": CAMPUS,
    "OXF-SCI": CAMPUS,
    "OXF-ORC": CAMPUS,
    "DAR-SCITECH": CAMPUS,
    "DAR-LAB": LABORATORY,
    "HAR-DLS": LABORATORY,
}


def lay(session: Session, *, liverpool_id: int, actor: Actor, now: datetime) -> None:
    """Enter Liverpool's invented semesters and what is known of the places."""
    year = academic_year(london_day(now))
    for details in (half for step in range(YEARS) for half in semesters(year + step)):
        periods.add(session, details, organisation_id=liverpool_id, actor=actor, now=now)
    for venue in session.scalars(select(Venue).where(Venue.code.in_(KNOWN))):
        known = VenueDetails(**{one.name: getattr(venue, one.name) for one in fields(VenueDetails)})
        access = {**KNOWN[venue.code or ""], **venue.access}
        venues.edit(session, venue, replace(known, access=access), actor=actor, now=now)


def semesters(year: int) -> tuple[PeriodDetails, PeriodDetails]:
    """Return the two invented semesters of the academic year that begins in `year`."""
    starts = (last_monday(year, SEPTEMBER), last_monday(year + 1, JANUARY))
    first, second = (
        PeriodDetails(
            kind=PeriodKind.TEACHING,
            label=f"Semester {number}",
            code=f"S{number}",
            first_day=monday,
            weeks=TEACHING_WEEKS,
            status=PeriodStatus.PROVISIONAL,
        )
        for number, monday in enumerate(starts, start=1)
    )
    return first, second


def last_monday(year: int, month: int) -> date:
    """Return the last Monday of a month."""
    last = date(year, month, LAST_DAY[month])
    return last - timedelta(days=last.weekday())
