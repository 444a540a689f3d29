"""What people type of many dates: weeks of term, lists of days, patterns of titles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.web.words import long_date
from programme.engines.calendar.reading.sheet.moments import moment
from programme.engines.calendar.repeating.ways import Planned

if TYPE_CHECKING:
    from datetime import date

MOST_WEEKS = 60
MOST_LINES = 400
LONGEST_SHOWN = 40
_MINUS = "[-\N{MINUS SIGN}]"
_DASH = f"(?:{_MINUS}|\N{EN DASH}|\N{EM DASH}|to)"
_PART = re.compile(rf"({_MINUS}?\d{{1,2}})(?:\s*{_DASH}\s*(\d{{1,2}}))?", re.ASCII)
_BETWEEN = re.compile(r"\s*(?:,|;|\band\b)\s*")
NUMBER, DATE = "{number}", "{date}"


def weeks_in(text: str) -> tuple[int, ...]:
    """Read numbers of weeks: "1–8", "1 to 4, 6, 8"; each once, in order. Raises Refusal."""
    found: set[int] = set()
    for part in filter(None, _BETWEEN.split(text.strip().lower().removeprefix("weeks").removeprefix("week").strip())):
        match = _PART.fullmatch(part)
        if match is None:
            raise Refusal(f"“{part[:LONGEST_SHOWN]}” is no week: write weeks like 1–8, or 1, 3, 5.", field="weeks")
        first = number_in(match[1])
        last = number_in(match[2]) if match[2] else first
        if last < first:
            raise Refusal(f"“{part[:LONGEST_SHOWN]}” runs backwards: write the earlier week first.", field="weeks")
        found |= set(range(first, last + 1))
    if not found:
        raise Refusal("Enter the weeks, like 1–8.", field="weeks")
    if len(found) > MOST_WEEKS:
        raise Refusal(f"At most {MOST_WEEKS} weeks at once.", field="weeks")
    return tuple(sorted(found))


def number_in(text: str) -> int:
    """Read a number with either minus sign."""
    return int(text.replace("\N{MINUS SIGN}", "-"))


def days_in(text: str) -> tuple[Planned, ...]:
    """Read days, one a line, each perhaps with a time of its own at which it begins. Raises Refusal.

    A day that stands there twice is taken once.
    """
    lines = [line.strip() for line in re.split(r"[\n;]", text) if line.strip()]
    if not lines:
        raise Refusal("Enter the days, one a line, like 28/3/2027.", field="days")
    if len(lines) > MOST_LINES:
        raise Refusal(f"At most {MOST_LINES} lines.", field="days")
    return tuple(dict.fromkeys(day_in(number, line) for number, line in enumerate(lines, start=1)))


def day_in(number: int, line: str) -> Planned:
    """Read one line."""
    found = moment(line)
    if found is None:
        raise Refusal(
            f"Line {number}, “{line[:LONGEST_SHOWN]}”, is no day: write 28/3/2027, or 28 March 2027 14:30.",
            field="days",
        )
    if found.at is None:
        return Planned(found.day, note=found.note or "")
    if found.at.offset is not None or found.at.next_day:
        raise Refusal(f"Line {number}: write the time by London’s clock, like 14:30.", field="days")
    return Planned(found.day, found.at.time, found.note or "")


def titled(pattern: str, number: int, day: date) -> str:
    """Write the title of one of many: “{number}” is which of them it is, “{date}” its day."""
    return pattern.replace(NUMBER, str(number)).replace(DATE, long_date(day))
