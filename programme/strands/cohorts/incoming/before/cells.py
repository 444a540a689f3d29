"""What cells say of what was before: done or exempt, when a course rested, what was granted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.sheet.columns import plain_heading
from programme.strands.cohorts.candidatures.rule import unit_called, unit_needed
from programme.strands.cohorts.incoming.facts import OddRow, day_in, shown
from programme.strands.cohorts.milestones.units import Counting
from programme.strands.cohorts.progress.moving.suspending import unit_words

if TYPE_CHECKING:
    from datetime import date

    from programme.strands.cohorts.milestones.units import Units

EXEMPT = re.compile(r"(?:exempt(?:ed|ion)?|n/?a|not applicable|does not apply)\b[\s:,;.()–-]*(.*?)\)?", re.IGNORECASE)
NOTHING = frozenset({"-", "–", "no", "not yet", "none", "open", "n", "tbc", "to come", "outstanding"})
UNDATED = frozenset({"yes", "y", "x", "done", "completed", "passed", "ok", "true", "1"})
BETWEEN = re.compile(r"\s*;\s*")
SPAN = re.compile(r"(.+?)\s*(?:–|—|\bto\b|\buntil\b|\bthrough\b|\s-\s|(?<=\d)-(?=[A-Za-z]))\s*(.+)", re.IGNORECASE)
FOR, FROM = (
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(.+?)[,:]?\s+(?:for\s+)?(\d{1,2})\s+(terms?|months?)",
        r"(\d{1,2})\s+(terms?|months?)\s+(?:from|since)\s+(.+)",
    )
)
EXTENDED = re.compile(r"(.+?)[:,]?\s+(?:by\s+)?(\d{1,2})\s*(terms?|months?)?\s*(?:[:,(–-]\s*(.*?)\)?)?", re.IGNORECASE)
REASON = re.compile(r"(.+?)\s*(?::\s*|\s\()(.*?)\)?")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell says of a milestone: the day it was done, or why it does not apply."""

    done_on: date | None = None
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """A suspension as a cell says it."""

    first: int
    units: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoreTime:
    """More time for a milestone as a cell says it: how the milestone is called, and by how many units."""

    called: str
    units: int
    reason: str = ""


def marks_in(text: str) -> list[Mark]:
    """Read what a milestone's cell says: days, "exempt" with its reason, or nothing yet."""
    found = EXEMPT.fullmatch(text)
    if found:
        if not found[1]:
            raise OddRow("Say why it does not apply, like “exempt: transferred from elsewhere”.")
        return [Mark(exempt=found[1])]
    plain = text.casefold().strip(" .")
    if plain in NOTHING:
        return []
    if plain in UNDATED:
        raise OddRow(f"{shown(text)} says no day. Write the one on which it was done, like 4 December 2026.")
    days = [day_in(part, "day") for part in BETWEEN.split(text) if part]
    return [Mark(done_on=day) for day in days if day]


def rests_in(text: str, units: Units, *, around: int) -> list[Paused]:
    """Read suspensions: "HT27", "MT26 to HT27: illness", "March 2026, 3 months", several with semicolons between."""
    parts = [part for part in BETWEEN.split(text) if part and part.casefold() not in NOTHING]
    return [rest_in(part, units, around=around) for part in parts]


def rest_in(text: str, units: Units, *, around: int) -> Paused:
    """Read one suspension, with why after a colon or in brackets."""
    found = spanned(text, units, around=around)
    if found:
        return Paused(*found)
    told = REASON.fullmatch(text)
    found = spanned(told[1], units, around=around) if told else None
    if told is None or found is None:
        raise OddRow(f"{shown(text)} is no suspension. {example(units, around=around)}")
    return Paused(*found, told[2])


def spanned(text: str, units: Units, *, around: int) -> tuple[int, int] | None:
    """Read from which unit on, and for how many; None where it says neither."""
    one = unit_in(text, units, around=around)
    if one is not None:
        return one, 1
    for pattern, unit, number, word in ((FOR, 1, 2, 3), (FROM, 3, 1, 2)):
        found = pattern.fullmatch(text)
        first = unit_in(found[unit], units, around=around) if found else None
        if found and first is not None and is_word_of(found[word], units):
            return first, int(found[number])
    found = SPAN.fullmatch(text)
    ends = [unit_in(part, units, around=around) for part in found.groups()] if found else []
    if not ends or ends[0] is None or ends[1] is None:
        return None
    if ends[1] < ends[0]:
        raise OddRow(f"{shown(text)} ends before it begins. Change one of the two.")
    return ends[0], ends[1] - ends[0] + 1


def unit_in(text: str, units: Units, *, around: int) -> int | None:
    """Read a unit by its name; a month by a day of it as well."""
    found = unit_called(text, units, around=around)
    if found is None and units.counting is Counting.MONTHS:
        try:
            day = day_in(text, "day")
        except OddRow:
            return None
        return units.of_day(day) if day else None
    return found


def entry_in(text: str | None, units: Units, *, around: int) -> str | None:
    """Return the first unit that counts as its name, where a cell says it by a day, as sheets write months."""
    if not text or unit_called(text, units, around=around) is not None:
        return text
    try:
        day = day_in(text, "day")
    except OddRow:
        day = None
    if day is None:
        raise OddRow(unit_needed(text, units, around=around))
    return units.name(units.of_day(day))


def extensions_in(text: str, units: Units) -> list[MoreTime]:
    """Read extensions: "Submission: 2 terms", "Submission 3 months (illness)", with semicolons between."""
    parts = [part for part in BETWEEN.split(text) if part and part.casefold() not in NOTHING]
    return [extension_in(part, units) for part in parts]


def extension_in(text: str, units: Units) -> MoreTime:
    """Read one extension."""
    found = EXTENDED.fullmatch(text)
    if not found:
        raise OddRow(f"{shown(text)} is no extension. Write it like “Submission: 2 {plural_of(units)}”.")
    if found[3] and not is_word_of(found[3], units):
        raise OddRow(f"{shown(text)}: the home university counts in {plural_of(units)}. Write how many of those.")
    return MoreTime(plain_heading(found[1]), int(found[2]), found[4] or "")


def is_word_of(word: str, units: Units) -> bool:
    """Whether somebody counts in what the rulebook counts in."""
    return plural_of(units).startswith(word.casefold())


def plural_of(units: Units) -> str:
    """Return what several units are called."""
    return unit_words(units)[1]


def example(units: Units, *, around: int) -> str:
    """Say how a suspension is written."""
    one, two = units.name(around + 1), units.name(around + 2)
    return f"Write it like “{one}”, “{one} to {two}” or “{one}, 2 {plural_of(units)}”, with why after a colon."
