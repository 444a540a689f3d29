"""Whether one can come from the other city and go back on the day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.calendar.clashes.ways import Ways
    from programme.strands.cohorts.planning.residential.template import PatternPart, PlannedDay

EARLIEST, LATEST = time(6, 30), time(21, 30)


@dataclass(frozen=True, slots=True)
class LongDay:
    """Whoever comes from a site leaves too early, or is back too late: those of the two that are so."""

    site: str
    leaves: datetime | None = None
    back: datetime | None = None


def long_day(day: PlannedDay, *, at: str, comes_from: str, ways: Ways, sleeps_before: bool) -> LongDay | None:
    """Say whether a day is too long for whoever comes from another site; None where it is not, or nobody knows.

    Nobody comes on the day where people slept there before it, nor goes back where they stay overnight.
    """
    way = ways.between(comes_from, at)
    if way is None or comes_from == at:
        return None
    leaves, back = day.begins - way.planned, day.ends + way.planned
    is_early = not sleeps_before and (leaves.time() < EARLIEST or leaves.date() < day.begins.date())
    is_late = not day.pattern.stays_overnight and (back.time() > LATEST or back.date() > day.ends.date())
    if not is_early and not is_late:
        return None
    return LongDay(comes_from, leaves if is_early else None, back if is_late else None)


def short_leg(part: PatternPart, ways: Ways) -> str:
    """Say in a sentence that a way has less time than it is planned to take; empty where it has enough, or is none."""
    way = ways.between(part.from_site, part.site) if part.is_travel else None
    if way is None or timedelta(minutes=part.minutes) >= way.planned:
        return ""
    planned = int(way.planned.total_seconds() // 60)
    return f"The way is planned to take {hours_words(planned)}, and has {hours_words(part.minutes)}."


def hours_words(minutes: int) -> str:
    """Say a length of time: 45 min, 2 h, 3 h 20."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
