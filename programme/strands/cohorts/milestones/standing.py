"""How a milestone stands on a day: done, handed in, late, due soon, ahead, suspended, or not applying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.strands.cohorts.milestones.units import Counting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.milestones.units import Units

SOON = timedelta(weeks=10)
"""How long before its day a milestone counts as due soon."""


class Standing(StrEnum):
    """How one milestone stands today."""

    DONE = "done"
    HANDED_IN = "handed_in"
    OVERDUE = "overdue"
    DUE = "due"
    AHEAD = "ahead"
    SUSPENDED = "suspended"
    EXEMPT = "exempt"


SETTLED = {"done": Standing.DONE, "handed_in": Standing.HANDED_IN, "exempt": Standing.EXEMPT}
"""How what is no longer open stands, whatever the day."""


@dataclass(frozen=True, slots=True)
class Station:
    """What is needed to know of one milestone: its stored state (a word of `MilestoneState`), its unit and its day."""

    state: str
    unit: int
    day: date | None


def standings(stations: Sequence[Station], *, today: date, is_suspended: bool) -> list[Standing]:
    """Return how each of somebody's milestones stands.

    While somebody is suspended nothing is late or due: what would be, and the next one to come, say so instead.
    """
    found = [standing(one, today=today) for one in stations]
    if not is_suspended:
        return found
    following = min((one for one in stations if one.state not in SETTLED), key=in_time, default=None)
    return [
        Standing.SUSPENDED if one is following or how in {Standing.OVERDUE, Standing.DUE} else how
        for one, how in zip(stations, found, strict=True)
    ]


def standing(one: Station, *, today: date) -> Standing:
    """Return how one milestone stands for somebody who is not suspended; without a day it lies ahead."""
    if one.state in SETTLED:
        return SETTLED[one.state]
    if one.day is None or one.day > today + SOON:
        return Standing.AHEAD
    return Standing.OVERDUE if one.day < today else Standing.DUE


def in_time(one: Station) -> tuple[date, int]:
    """Return what stations are ordered by: their days, then the units of those whose days nobody knows."""
    return (one.day or date.max, one.unit)


def present_unit(units: Units, today: date) -> int:
    """Return the unit that lasts today: a term until the next one begins, its vacation included."""
    if units.counting is Counting.MONTHS:
        return units.of_day(today)
    begun = max((number for number, span in units.known.items() if span.first <= today), default=None)
    if begun is None:
        return units.guessed(today)
    is_sure = begun + 1 in units.known or today <= units.known[begun].last
    return begun if is_sure else max(begun, units.guessed(today))
