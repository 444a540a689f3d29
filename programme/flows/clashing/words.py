"""What clashes, in words: the sum shown, so that everybody can reckon it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.core.web.words import clock_time, day_date, london_day, time_range, zone
from programme.engines.calendar.clashes.rule import Kind, Severity
from programme.engines.calendar.naming import SITES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from programme.engines.calendar.clashes.rule import Clash, Stay

MOST_TOLD = 6
GAP = "\N{NO-BREAK SPACE}"
CAMPUSES = frozenset({"DAR", "HAR"})
HEADS = {
    Severity.HARD: "You cannot do both",
    Severity.TIGHT: "This will be tight",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """One clash as pages and letters tell it: `kind` is the colour, `path` the page of what the person has."""

    kind: str
    head: str
    title: str
    path: str
    sentence: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Warnings:
    """What clashes for one person: the first few, and how many more there are."""

    told: tuple[Warned, ...] = ()
    more: int = 0

    @property
    def is_hard(self) -> bool:
        """Whether one of them cannot be helped."""
        return any(one.kind == "bad" for one in self.told)

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.told)


def warnings_of(clashes: Sequence[Clash], *, most: int = MOST_TOLD) -> Warnings:
    """Return clashes in words, the worst first, at most so many of them."""
    return Warnings(tuple(warned(clash) for clash in clashes[:most]), max(0, len(clashes) - most))


def warned(clash: Clash) -> Warned:
    """Return one clash in words."""
    return Warned(
        kind="bad" if clash.severity is Severity.HARD else "wait",
        head=HEADS[clash.severity],
        title=clash.mine.title,
        path=f"/events/{slug(clash.mine.title, clash.mine.event_id)}",
        sentence=sentence(clash),
        way_out=way_out(clash),
    )


def sentence(clash: Clash) -> str:
    """Say what clashes, with the sum."""
    if clash.kind is Kind.TRAVEL:
        return travel_words(clash)
    if clash.kind is Kind.SAME_DAY:
        return f"{named(clash.mine)} is on the same day, {day_date(clash.mine.starts_at)}: look whether both fit."
    both = (max(clash.mine.starts_at, clash.wanted.starts_at), min(clash.mine.ends_at, clash.wanted.ends_at))
    when = f"{day_date(clash.mine.starts_at)}, {time_range(clash.mine.starts_at, clash.mine.ends_at)}"
    at_once = "" if both == (clash.mine.starts_at, clash.mine.ends_at) else f" Both are on {from_to(*both)}."
    return f"{named(clash.mine)} is at the same time as {named(clash.wanted)}: {when}.{at_once}"


def travel_words(clash: Clash) -> str:
    """Say that one begins too soon after the other."""
    first, second = clash.first, clash.second
    begins = clock(second.starts_at)
    if london_day(first.ends_at) != london_day(second.starts_at):
        begins = f"{begins} on {day_date(second.starts_at)}"
    needed = f"{span(clash.needed)} needed{' at the least' if clash.severity is Severity.HARD else ''}"
    between = f"{span(clash.gap)} between" if clash.gap else "no time between"
    is_near = first.site == second.site
    ends = f"{clock(first.ends_at)} {where(first, is_near=is_near)} on {day_date(first.ends_at)}"
    return (
        f"{named(first)} ends {ends}, {named(second)} begins {begins} {where(second, is_near=is_near)}:"
        f" {between}, {needed}."
    )


def way_out(clash: Clash) -> str:
    """Say which of the two can be followed online, where a way is what is missing."""
    online = clash.online if clash.kind is Kind.TRAVEL else None
    return f"{named(online)} can be followed online, too." if online else ""


def named(stay: Stay) -> str:
    """Return a title as a sentence names it."""
    return f"“{stay.title}”"


def where(stay: Stay, *, is_near: bool) -> str:
    """Say where it is: the site, or the house where both are on one site."""
    if is_near and stay.place:
        return f"at {stay.place}"
    return f"{'at' if stay.site in CAMPUSES else 'in'} {SITES.get(stay.site, stay.place)}"


def clock(instant: datetime) -> str:
    """Say a time of the day with its zone: the clocks may change between the two."""
    return f"{clock_time(instant)} {zone(instant)}"


def from_to(start: datetime, end: datetime) -> str:
    """Say from when to when."""
    return f"from {time_range(start, end)}"


def span(length: timedelta) -> str:
    """Say how long: 45 min, 2 h, 3 h 20."""
    minutes = int(length.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{GAP}min"
    return f"{hours}{GAP}h{GAP}{rest:02d}" if rest else f"{hours}{GAP}h"
