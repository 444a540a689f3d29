"""Repeating events of a calendar file, told out one by one, within bounds that a hostile file cannot stretch."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from programme.core.lazy import load
from programme.engines.calendar.times import nearest_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_TIMES = 1_000
LONGEST = timedelta(days=2 * 366)
_MOST_DATES = 1_000
_MOST_INTERVAL = 1_000
_WEEKS_OF_MONTH = 5
_LEAP_YEAR = 2024
_WHOLE = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})

# The rules that calendars make. Any other part may describe a day that never comes, and the search for it has no end.
_PARTS = {
    "DAILY": _WHOLE,
    "WEEKLY": _WHOLE | {"BYDAY"},
    "MONTHLY": _WHOLE | {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _WHOLE | {"BYDAY", "BYMONTH", "BYMONTHDAY"},
}


class Parsed(NamedTuple):
    """An event of the file (a component of the library) and the line it begins on."""

    line: int
    event: Any


@dataclass(slots=True)
class Series:
    """A repeating event and the events that replace single times of it."""

    line: int
    master: Any
    replaced: list[Any] = field(default_factory=list)


class Told(NamedTuple):
    """The times of a series, each with its RECURRENCE-ID, and what was odd: reason and what was done, or None."""

    events: list[Any]
    oddity: tuple[str, str] | None


def parted(events: Iterable[Parsed]) -> tuple[list[Parsed], list[Series]]:
    """Part the single events from the series; a replaced time belongs to the first series of its UID."""
    masters: list[Series] = []
    by_uid: dict[str, Series] = {}
    others: list[Parsed] = []
    for line, event in events:
        if ("RRULE" in event or "RDATE" in event) and "RECURRENCE-ID" not in event:
            masters.append(Series(line, event))
            by_uid.setdefault(str(event.get("UID")), masters[-1])
        else:
            others.append(Parsed(line, event))
    return [parsed for parsed in others if not _is_replacement(parsed.event, by_uid)], masters


def told_out(series: Series) -> Told:
    """Tell out a series from its start for two years, 1,000 times at most; only its first if the rule is not usual."""
    if not _is_usual(series.master):
        return _first_only(series, "Its rule for repeating is of a kind that is not read.")
    try:
        events = _between(series)
    except Exception:  # noqa: BLE001  whatever the library raises on a hostile rule
        return _first_only(series, "Its rule for repeating cannot be read.")
    if len(events) > MOST_TIMES:
        return Told(events[:MOST_TIMES], (f"It repeats {len(events):,} times.", f"The first {MOST_TIMES:,} are taken."))
    return Told(events, _endless(series.master))


def recurrence_key(event: Any) -> str:
    """Name a time of a series by its original start: 20270128T130000Z or 20270128; empty for a single event."""
    start = getattr(event.get("RECURRENCE-ID"), "dt", None)
    if isinstance(start, datetime):
        instant = nearest_instant(start) if start.tzinfo is None else start.astimezone(UTC)
        return f"{instant:%Y%m%dT%H%M%SZ}"
    return f"{start:%Y%m%d}" if isinstance(start, date) else ""


def _is_replacement(event: Any, by_uid: Mapping[str, Series]) -> bool:
    """Hand a replaced time to its series, and say whether there was one."""
    series = by_uid.get(str(event.get("UID")))
    if "RECURRENCE-ID" not in event or series is None:
        return False
    series.replaced.append(event)
    return True


def _first_only(series: Series, reason: str) -> Told:
    return Told([series.master], (reason, "Only its first time is taken."))


def _between(series: Series) -> list[Any]:
    calendar = load("icalendar").Calendar()
    calendar.subcomponents = [series.master, *series.replaced]
    start = series.master["DTSTART"].dt
    day = start.date() if isinstance(start, datetime) else start
    query = load("recurring_ical_events").of(calendar)
    return sorted(query.between(day - timedelta(days=1), day + LONGEST), key=recurrence_key)


def _endless(master: Any) -> tuple[str, str] | None:
    """Say that a rule goes on beyond what is taken."""
    rule = master.get("RRULE", {})
    if not rule or "COUNT" in rule or "UNTIL" in rule:
        return None
    return "It repeats without an end.", "Its first two years are taken."


def _is_usual(master: Any) -> bool:
    """Tell whether a rule is one that calendars make, and so surely comes round in little time."""
    rule = master.get("RRULE", {})
    dates = [date for name in ("RDATE", "EXDATE") for date in _dates(master.get(name))]
    if isinstance(rule, list) or len(dates) > _MOST_DATES:
        return False
    return _is_usual_rule(rule) if "RRULE" in master else True


def _is_usual_rule(rule: Mapping[str, list[Any]]) -> bool:
    frequency = str(rule.get("FREQ", [""])[0])
    return (
        frequency in _PARTS
        and set(rule) <= _PARTS[frequency]
        and 1 <= int(rule.get("INTERVAL", [1])[0]) <= _MOST_INTERVAL
        and not {"BYDAY", "BYMONTHDAY"} <= set(rule)
        and _are_usual_days(frequency, rule)
        and _has_such_day(rule)
    )


def _are_usual_days(frequency: str, rule: Mapping[str, list[Any]]) -> bool:
    """Tell whether weekdays are plain, or by number within a month; positions only among weekdays of a month."""
    numbers = [getattr(day, "relative", None) for day in rule.get("BYDAY", [])]
    positions = [abs(int(position)) for position in rule.get("BYSETPOS", [])]
    if positions and ("BYDAY" not in rule or any(numbers) or max(positions) > _WEEKS_OF_MONTH - 1):
        return False
    in_months = frequency == "MONTHLY" or "BYMONTH" in rule
    return not any(numbers) or (in_months and all(number and number <= _WEEKS_OF_MONTH for number in numbers))


def _has_such_day(rule: Mapping[str, list[Any]]) -> bool:
    """Tell whether any of the months has any of the days: 30 February never comes."""
    months, days = rule.get("BYMONTH", range(1, 13)), rule.get("BYMONTHDAY", [1])
    pairs = product(map(int, months), (abs(int(day)) for day in days))
    return any(1 <= month <= 12 and 1 <= day <= monthrange(_LEAP_YEAR, month)[1] for month, day in pairs)  # noqa: PLR2004


def _dates(value: Any) -> list[Any]:
    lists = value if isinstance(value, list) else [value]
    return [date for entry in lists for date in getattr(entry, "dts", [])]
