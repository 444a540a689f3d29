"""Dates and times as people type them, British order first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

Cell = str | float | bool | date | datetime | time | timedelta
"""What a cell of a sheet holds; in text files always str."""

MONTH_FIRST: Final = "The day and month only make sense in American order."
_YEARS = range(1900, 2200)
# No date is longer; what is longer is cut, and then no date either.
_LONGEST = 60
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOON = 12
_DAY_HOURS = 24
_DAY_SECONDS = 86_400
_EXCEL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001  wall time
_EXCEL_DAYS = range(20_000, 110_000)

_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?"
_SEPARATOR = r"[\s/.,\-]{1,3}"
_DATES = [
    re.compile(_WEEKDAY + pattern + r"(?!\d)[,T]?\s*(?:at\s+)?", re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_SEPARATOR}(?:of\s)?(?P<m>\d{{1,2}}|[a-z]{{3,9}}){_SEPARATOR}(?P<y>\d{{4}}|\d{{2}})",
        rf"(?P<m>[a-z]{{3,9}}){_SEPARATOR}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_SEPARATOR}(?P<y>\d{{4}})",
    )
]
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?:[:.h]?(?P<min>\d{2})(?:[:.](?P<s>\d{2})(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>z|utc|gmt|bst|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)
_RANGE = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*", re.IGNORECASE)
_WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)}


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time as typed. `offset` if it named one; `fold` if GMT or BST said which of two; `next_day` for 24:00."""

    time: time
    offset: timedelta | None = None
    fold: int | None = None
    next_day: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, with a time if one was given, and what was odd in the writing."""

    day: date
    at: TimeOfDay | None = None
    note: str | None = None


def moment(cell: Cell) -> Moment | None:
    """Read a cell that holds a day and perhaps a time; None if it cannot be read as one."""
    if isinstance(cell, str):
        return _written(cell.strip()[:_LONGEST])
    if isinstance(cell, bool | time | timedelta):
        return None
    if isinstance(cell, datetime):
        return Moment(cell.date(), TimeOfDay(cell.time())) if cell.year in _YEARS else None
    if isinstance(cell, date):
        return Moment(cell) if cell.year in _YEARS else None
    return _serial(cell)


def time_of_day(cell: Cell) -> TimeOfDay | None:
    """Read a cell that holds a time of day: 13:00, 1pm, 1.30 p.m., noon, or a sheet's time; None if it is none."""
    if isinstance(cell, str):
        return _written_time(cell.strip()[:_LONGEST])
    if isinstance(cell, datetime | time):
        return TimeOfDay(cell.time() if isinstance(cell, datetime) else cell)
    if isinstance(cell, bool | date):
        return None
    return _past_midnight(cell / timedelta(days=1) if isinstance(cell, timedelta) else cell)


def times_of_day(cell: Cell) -> tuple[TimeOfDay | None, TimeOfDay | None]:
    """Read a cell that holds a time or a range of two, "1-2pm", "13:00 to 14:00": start and end."""
    parts = _RANGE.split(cell.strip()[:_LONGEST]) if isinstance(cell, str) else []
    if len(parts) != len(("start", "end")):
        return time_of_day(cell), None
    half = re.search(r"[ap]\.?m\.?$", parts[1], re.IGNORECASE)
    begin = parts[0] + half.group() if half and parts[0].isdigit() else parts[0]
    return time_of_day(begin), time_of_day(parts[1])


def with_time(day: Moment, at: TimeOfDay | None) -> Moment:
    """Put a time from a column of its own to a day."""
    return day if at is None else replace(day, at=at)


def wall_or_instant(day: Moment, at: TimeOfDay) -> datetime:
    """Join day and time: an aware UTC instant if an offset was written, else naive London wall time."""
    joined = datetime.combine(day.day, at.time) + timedelta(days=at.next_day)
    return joined if at.offset is None else joined.replace(tzinfo=timezone(at.offset)).astimezone(UTC)


def _written(text: str) -> Moment | None:
    for pattern in _DATES:
        found = pattern.match(text)
        if found:
            return _at_time(_day(found["d"], found["m"], found["y"]), text[found.end() :])
    return None


def _at_time(day: Moment | None, rest: str) -> Moment | None:
    if day is None or not rest:
        return day
    at = _written_time(rest)
    return None if at is None else replace(day, at=at)


def _day(day: str, month: str, year: str) -> Moment | None:
    number = int(month) if month.isdigit() else _month(month)
    full_year = int(year) + (2000 if len(year) == len("27") else 0)
    if full_year not in _YEARS:
        return None
    return _valid(full_year, number, int(day)) or _american(full_year, number, int(day))


def _american(year: int, month: int, day: int) -> Moment | None:
    swapped = _valid(year, day, month)
    return replace(swapped, note=MONTH_FIRST) if swapped else None


def _month(name: str) -> int:
    """Number a month by its first three letters; 0 for what is none."""
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _valid(year: int, month: int, day: int) -> Moment | None:
    try:
        return Moment(date(year, month, day))
    except ValueError:
        return None


def _written_time(text: str) -> TimeOfDay | None:
    if text.lower() in _WORDS:
        return TimeOfDay(_WORDS[text.lower()], next_day=text.lower() == "midnight")
    found = _TIME.fullmatch(text)
    if not found or not (found["min"] or found["half"]):
        return None
    hour = _hour(int(found["h"]), (found["half"] or "")[:1].lower())
    return _clock(hour, int(found["min"] or 0), int(found["s"] or 0), (found["zone"] or "").lower())


def _hour(hour: int, half: str) -> int:
    """Give the hour of 24; -1 for 13 pm, which is none."""
    if not half:
        return hour
    return hour % _NOON + (_NOON if half == "p" else 0) if 1 <= hour <= _NOON else -1


def _clock(hour: int, minute: int, second: int, zone: str) -> TimeOfDay | None:
    if (hour, minute, second) == (_DAY_HOURS, 0, 0):
        return TimeOfDay(time(0), _offset(zone), _fold(zone), next_day=True)
    try:
        return TimeOfDay(time(hour, minute, second), _offset(zone), _fold(zone))
    except ValueError:
        return None


def _offset(zone: str) -> timedelta | None:
    """Read Z, UTC or +01:00. GMT and BST are no offsets: people write GMT in July and mean the clock on the wall."""
    if zone in {"z", "utc"}:
        return timedelta()
    if zone[:1] not in {"+", "-"}:
        return None
    size = timedelta(hours=int(zone[1:3]) % _DAY_HOURS, minutes=int(zone[-2:]) % 60)
    return -size if zone[0] == "-" else size


def _fold(zone: str) -> int | None:
    return {"bst": 0, "gmt": 1}.get(zone)


def _past_midnight(days: float) -> TimeOfDay | None:
    """Read a sheet's time, which is a part of a day."""
    if not 0 <= days < 1:
        return None
    return TimeOfDay((_EXCEL_DAY_0 + timedelta(seconds=round(days * _DAY_SECONDS))).time())


def _serial(number: float) -> Moment | None:
    """Read a sheet's bare number as the date that it is, in days since 1899-12-30."""
    if not _EXCEL_DAYS.start <= number < _EXCEL_DAYS.stop:
        return None
    wall = _EXCEL_DAY_0 + timedelta(seconds=round(number * _DAY_SECONDS))
    return Moment(wall.date(), TimeOfDay(wall.time()) if number % 1 else None)
