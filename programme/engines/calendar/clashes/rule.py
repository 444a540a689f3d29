"""Can one person be at two things: what overlaps, and what cannot be reached in time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.calendar.clashes.ways import Ways

NO_TIME = timedelta()


class Severity(StrEnum):
    """How bad it is: nobody can do both, or both can be done by whoever is lucky."""

    HARD = "hard"
    TIGHT = "tight"


class Kind(StrEnum):
    """What clashes: the times, the way between, or a day without times."""

    OVERLAP = "overlap"
    TRAVEL = "travel"
    SAME_DAY = "same day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Somebody is at an event, from one instant to another.

    `site` is empty where it is not known, or where all of it is online: from there no way is reckoned. `is_online` says
    that it can be followed online, perhaps besides. What is `all_day` has no times one could compare.
    """

    event_id: int
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    site: str = ""
    venue_id: int | None = None
    place: str = ""
    is_online: bool = False
    all_day: bool = False
    part_of_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two stays that clash, `first` and `second` in order: `gap` is the time between, `needed` what the way takes.

    `mine` is what the person has, `wanted` what is asked about.
    """

    severity: Severity
    kind: Kind
    mine: Stay
    wanted: Stay
    gap: timedelta = NO_TIME
    needed: timedelta = NO_TIME

    @property
    def first(self) -> Stay:
        """What comes first."""
        return in_order(self.mine, self.wanted)[0]

    @property
    def second(self) -> Stay:
        """What comes second."""
        return in_order(self.mine, self.wanted)[1]

    @property
    def online(self) -> Stay | None:
        """Which of the two can be followed online, so that there is a way out; of both what is asked about."""
        return next((stay for stay in (self.wanted, self.mine) if stay.is_online), None)


def clashes(wanted: Iterable[Stay], mine: Iterable[Stay], ways: Ways) -> list[Clash]:
    """Return what clashes, the worst first, then in the order of time."""
    have = list(mine)
    found = [clash_between(one, other, ways) for one in wanted for other in have]
    return sorted((clash for clash in found if clash), key=order)


def order(clash: Clash) -> tuple[bool, datetime, datetime, int, int]:
    """Return what clashes are sorted by."""
    is_tight = clash.severity is Severity.TIGHT
    return (is_tight, clash.first.starts_at, clash.second.starts_at, clash.mine.event_id, clash.wanted.event_id)


def clash_between(wanted: Stay, mine: Stay, ways: Ways) -> Clash | None:
    """Say whether one clashes with the other; an event does not with itself, nor with the whole that it is part of."""
    if wanted.event_id in {mine.event_id, mine.part_of_id} or wanted.part_of_id == mine.event_id:
        return None
    first, second = in_order(wanted, mine)
    if first.ends_at > second.starts_at:
        return overlap(wanted, mine)
    if wanted.all_day or mine.all_day or is_one_place(first, second):
        return None
    return missed(wanted, mine, ways)


def in_order(one: Stay, other: Stay) -> tuple[Stay, Stay]:
    """Return two stays in the order of time."""
    first, second = sorted((one, other), key=lambda stay: (stay.starts_at, stay.ends_at, stay.event_id))
    return first, second


def is_one_place(one: Stay, other: Stay) -> bool:
    """Whether there is no way between the two, or none that anybody could reckon."""
    return not one.site or not other.site or (one.venue_id is not None and one.venue_id == other.venue_id)


def overlap(wanted: Stay, mine: Stay) -> Clash:
    """Return the clash of two that are on at once; a day without times leaves room for the other."""
    if wanted.all_day or mine.all_day:
        return Clash(severity=Severity.TIGHT, kind=Kind.SAME_DAY, mine=mine, wanted=wanted)
    return Clash(severity=Severity.HARD, kind=Kind.OVERLAP, mine=mine, wanted=wanted)


def missed(wanted: Stay, mine: Stay, ways: Ways) -> Clash | None:
    """Return the clash of two where the second begins too soon after the first; None where there is time enough."""
    first, second = in_order(wanted, mine)
    way, gap = ways.between(first.site, second.site), second.starts_at - first.ends_at
    if way is None or gap >= way.planned:
        return None
    severity = Severity.HARD if gap < way.least else Severity.TIGHT
    needed = way.least if severity is Severity.HARD else way.planned
    return Clash(severity=severity, kind=Kind.TRAVEL, mine=mine, wanted=wanted, gap=gap, needed=needed)
