"""Demonstration, entrepreneurship: two founders give twelve half hours on one afternoon, one to each who comes."""

from __future__ import annotations

from datetime import time

from programme.demo.happenings import BOTH, FRIDAY, Admission, Asked, Comer, Happening
from programme.demo.people import FOUNDERS, RESEARCHERS
from programme.people.states import Strand

AFTERNOON, HALF_HOURS = "Founders’ mentoring afternoon", "Founders’ mentoring: one half hour of twelve"
MENTORS = ((FOUNDERS[0].name, "LIV-SPINE"), (FOUNDERS[2].name, "OXF-SBS"))
SLOTS = tuple(time(hour, minute) for hour in (13, 14, 15) for minute in (0, 30))


def titled(mentor: str, starts: time) -> str:
    """Return what a half hour is called."""
    return f"Mentoring with {mentor}, {starts:%H:%M}"


def half_hour(mentor: str, venue: str, starts: time) -> Happening:
    """Return one half hour, for one person."""
    return Happening(
        title=titled(mentor, starts),
        strand=Strand.ENTREPRENEURSHIP,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=2,
        weekday=FRIDAY,
        starts=starts,
        minutes=30,
        venue=venue,
        holds=1,
        audience=BOTH,
        summary="Half an hour for one question of yours.",
        description="",
        part_of=AFTERNOON,
    )


TAKEN = (
    Comer(RESEARCHERS[0], choice=(titled(FOUNDERS[0].name, SLOTS[0]),)),
    Comer(RESEARCHERS[15], choice=(titled(FOUNDERS[2].name, SLOTS[0]),)),
    Comer(RESEARCHERS[2], choice=(titled(FOUNDERS[0].name, SLOTS[3]),)),
    Comer(RESEARCHERS[13], choice=(titled(FOUNDERS[2].name, SLOTS[4]),)),
)
MENTORING = (
    Happening(
        title=AFTERNOON,
        strand=Strand.ENTREPRENEURSHIP,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=2,
        weekday=FRIDAY,
        starts=SLOTS[0],
        minutes=180,
        venue="LIV-SPINE",
        audience=BOTH,
        audience_note="Students and staff with an idea",
        summary="Twelve half hours with people who have founded a firm, six in each city.",
        description="Bring one question. What you tell stays in the room.",
        admissions=(
            Admission(
                12,
                title=HALF_HOURS,
                to=tuple(titled(mentor, starts) for mentor, _ in MENTORS for starts in SLOTS),
                chooses=1,
                members_only=True,
                form=(Asked("long_text", "What is your question?", required=True),),
                comers=TAKEN,
            ),
        ),
    ),
    *(half_hour(mentor, venue, starts) for mentor, venue in MENTORS for starts in SLOTS),
)
