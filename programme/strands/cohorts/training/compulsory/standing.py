"""Where a researcher stands with an event that is compulsory for their cohort. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What a researcher has done about one event."""

    NOT_BOOKED = "not_booked"
    WAITING = "waiting"
    BOOKED = "booked"
    CAME = "came"
    ABSENT = "absent"
    EXEMPT = "exempt"


CHASED = frozenset({Standing.NOT_BOOKED, Standing.ABSENT})
"""Who is reminded: whoever waits for a place has done what they can."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a researcher and one event; `is_over` is the event's, the rest theirs."""

    is_over: bool = False
    is_exempt: bool = False
    came: bool = False
    was_absent: bool = False
    has_place: bool = False
    waits: bool = False


def standing(facts: Facts) -> Standing:
    """Return where somebody stands: that they came comes before all else, that they are exempt before what is lacking.

    Of an event that is over, whoever has a place and no mark is `BOOKED` until the door is settled; whoever has none
    did not come.
    """
    if facts.came:
        return Standing.CAME
    if facts.is_exempt:
        return Standing.EXEMPT
    if facts.was_absent:
        return Standing.ABSENT
    if facts.has_place:
        return Standing.BOOKED
    if facts.is_over:
        return Standing.ABSENT
    return Standing.WAITING if facts.waits else Standing.NOT_BOOKED
