"""The pattern that an installation starts with: it is data from then on, and anybody's to copy. Pure."""

from __future__ import annotations

from datetime import time

from programme.strands.cohorts.planning.residential.template import PartKind, PatternPart

TITLE = "Joint week with one night"
HINT = "A project day, days online, and noon to noon together with one night’s hotel."

JOINT_WEEK: tuple[PatternPart, ...] = (
    PatternPart(
        weekday=0,
        title="Project day",
        begins=time(11),
        minutes=270,
        hint="In person, late enough to come from the other city and early enough to go back.",
    ),
    PatternPart(weekday=1, title="Online day", begins=time(10), minutes=150, kind=PartKind.ONLINE),
    PatternPart(
        weekday=2,
        title="Coach there",
        begins=time(8),
        minutes=240,
        kind=PartKind.TRAVEL,
        from_site="LIV",
        site="OXF",
        is_proposed=False,
        hint="Tick it where a coach is hired, and say which way it goes.",
    ),
    PatternPart(
        weekday=2,
        title="Residential, first day",
        begins=time(12),
        minutes=330,
        stays_overnight=True,
        hint="Arrive by noon. One night’s hotel follows.",
    ),
    PatternPart(weekday=3, title="Residential, second day", begins=time(9), minutes=240),
    PatternPart(
        weekday=3,
        title="Coach back",
        begins=time(13, 15),
        minutes=240,
        kind=PartKind.TRAVEL,
        from_site="OXF",
        site="LIV",
        is_proposed=False,
        hint="Tick it where a coach is hired, and say which way it goes.",
    ),
    PatternPart(weekday=4, title="Online day", begins=time(10), minutes=150, kind=PartKind.ONLINE),
)
"""Monday project day, Tuesday and Friday online, Wednesday noon to Thursday 13:00 together, with one night."""
