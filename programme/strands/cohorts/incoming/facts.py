"""What a row of a cohort's spreadsheet says, or why it cannot be taken. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.sheet.moments import moment
from programme.strands.cohorts.candidatures.rule import folded
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.states import CandidatureState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

LONGEST_SHOWN, LONGEST_NAME = 60, 200
SERIAL_DIGITS = 5
YEARS = range(2000, 2101)
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0"})
FULL_TIME = frozenset({"full time", "full", "ft", "fulltime", "full-time"})
PART_TIME = frozenset({"part time", "part", "pt", "parttime", "part-time"})
STATES = {
    **{state.value.replace("_", " "): state for state in CandidatureState},
    "on placement": CandidatureState.PLACEMENT,
    "on leave": CandidatureState.LEAVE,
    "registered": CandidatureState.ACTIVE,
    "current": CandidatureState.ACTIVE,
    "enrolled": CandidatureState.ACTIVE,
    "graduated": CandidatureState.COMPLETED,
    "awarded": CandidatureState.COMPLETED,
}


class OddRow(Exception):  # noqa: N818  a row is odd, nothing failed
    """A row cannot be taken; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says; None is what it does not say, and then stays as it is."""

    name: str
    home_id: int | None = None
    partner_id: int | None = None
    department: str | None = None
    college: str | None = None
    project: str | None = None
    is_part_time: bool | None = None
    per_cent: int | None = None
    registered_on: date | None = None
    entry: str | None = None
    funded_until: date | None = None
    submission_deadline: date | None = None
    has_sponsored_visa: bool | None = None
    state: CandidatureState | None = None


def said_in(cells: Mapping[str, str], universities: Mapping[str, int]) -> Said:
    """Read the cells of a row; `universities` are those that run the award, by their folded names. Raises OddRow."""
    given, family = cells.get("given", ""), cells.get("family", "")
    return Said(
        name=(cells.get("name") or f"{given} {family}".strip())[:LONGEST_NAME],
        home_id=university_in(cells.get("home", ""), universities),
        partner_id=university_in(cells.get("partner", ""), universities),
        department=cells.get("department"),
        college=cells.get("college"),
        project=cells.get("project"),
        is_part_time=mode_in(cells.get("mode", "")),
        per_cent=rate_in(cells.get("per_cent", "")),
        registered_on=day_in(cells.get("registered_on", ""), "registration"),
        entry=cells.get("entry"),
        funded_until=day_in(cells.get("funded_until", ""), "end of funding"),
        submission_deadline=day_in(cells.get("submission_deadline", ""), "submission deadline"),
        has_sponsored_visa=yes_in(cells.get("has_sponsored_visa", "")),
        state=state_in(cells.get("state", "")),
    )


def shown(text: str) -> str:
    """Return a cell as a sentence quotes it."""
    return f"“{text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + '…'}”"


def university_in(text: str, universities: Mapping[str, int]) -> int | None:
    """Read a university that runs the award."""
    if not text:
        return None
    found = universities.get(folded(text))
    if found is None:
        raise OddRow(
            f"{shown(text)} is no university that runs this award. Let it share the award, or correct the name."
        )
    return found


def day_in(text: str, word: str) -> date | None:
    """Read a day, in British order; a sheet's bare number is the day that it stands for."""
    if not text:
        return None
    is_serial = text.isascii() and text.isdecimal() and len(text) == SERIAL_DIGITS
    found = moment(float(text)) if is_serial else moment(text)
    if found is None:
        raise OddRow(f"The {word} {shown(text)} cannot be read as a date. Write it like 1 October 2026.")
    if found.day.year not in YEARS:
        raise OddRow(
            f"The {word} {shown(text)} is in no year between {YEARS.start} and {YEARS.stop - 1}. Look at it again."
        )
    if found.note:
        raise OddRow(f"The {word} {shown(text)} only makes sense in American order. Write it like 1 October 2026.")
    return found.day


def mode_in(text: str) -> bool | None:
    """Read whether somebody studies part time."""
    plain = " ".join(text.split()).casefold()
    if not plain:
        return None
    if plain not in FULL_TIME | PART_TIME:
        raise OddRow(f"{shown(text)} is no mode of study. Write “full time” or “part time”.")
    return plain in PART_TIME


def rate_in(text: str) -> int | None:
    """Read a rate: 50, "50 %", or 0.5 of full time."""
    plain = text.replace("%", "").strip()
    if not plain:
        return None
    try:
        number = float(plain)
    except ValueError:
        number = -1.0
    per_cent = round(number * FULL) if 0 < number <= 1 else number
    if not 0 < per_cent <= FULL:
        raise OddRow(f"{shown(text)} is no part of full time. Write a number of per cent, like 50.")
    return int(per_cent)


def yes_in(text: str) -> bool | None:
    """Read yes or no."""
    plain = text.strip().casefold()
    if not plain:
        return None
    if plain not in YES | NO:
        raise OddRow(f"{shown(text)} does not say whether the visa is sponsored. Write “yes” or “no”.")
    return plain in YES


def state_in(text: str) -> CandidatureState | None:
    """Read where somebody stands."""
    plain = " ".join(text.replace("_", " ").split()).casefold()
    if not plain:
        return None
    if plain not in STATES:
        raise OddRow(f"{shown(text)} is no status here. Write “active”, “writing up”, “submitted” or another one.")
    return STATES[plain]
