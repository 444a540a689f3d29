"""Demonstration, placements: the hosts meet researchers, and a briefing."""

from __future__ import annotations

from datetime import time

from programme.demo.happenings import BOTH, MONDAY, TUESDAY, Admission, Happening
from programme.people.states import Strand

PLACEMENTS = (
    Happening(
        title="Placement round: meet the hosts",
        strand=Strand.PLACEMENTS,
        lead="oxford",
        co_owners=("liverpool",),
        weeks=2,
        weekday=MONDAY,
        starts=time(13, 0),
        minutes=240,
        venue="OXF-SBS",
        online="https://meet.example.ac.uk/meet-the-hosts",
        audience=BOTH,
        audience_note="Doctoral researchers in year 1 or 2",
        summary="Twelve hosts, ten minutes each: what they offer, whom they look for, what it is like.",
        description=(
            "Among the hosts: Mersey Polymer Demo Ltd and Isis Vale Diagnostics (demo). With a Student visa, ask "
            "the visa team before you agree to anything: hours on a placement can count as work."
        ),
        admissions=(Admission(60, members_only=True, taken_liverpool=6, taken_oxford=5),),
    ),
    Happening(
        title="Placement briefing: agreements, visas, insurance",
        strand=Strand.PLACEMENTS,
        lead="liverpool",
        weeks=4,
        weekday=TUESDAY,
        starts=time(14, 0),
        minutes=90,
        venue=None,
        online="https://meet.example.ac.uk/placement-briefing",
        audience=BOTH,
        summary="Everything that must be settled before your first day, in ninety minutes.",
        description="A checklist with owners and dates, and time for your own case.",
        admissions=(Admission(None, taken_liverpool=3, taken_oxford=2),),
    ),
)
