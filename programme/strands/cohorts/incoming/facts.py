"""What a row of a cohort's spreadsheet says, or why it cannot be taken. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.reading.sheet.moments import moment
from programme.strands.cohorts.candidatures.rule import folded
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.states import CandidatureState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

LONGEST_SHOWN, LONGEST_NAME = 60, 200
SERIAL_DIGITS = 5
YEARS = range(2000, 2101)
DAYS = {
    "registered_on": "registration",
    "funded_until": "end of funding",
    "submission_deadline": "submission deadline",
}
FIELDS = {"home": "home_id", "partner": "partner_id", "mode": "is_part_time"}
"""Under which name a cell is kept that is called otherwise."""
AFTER_NAMES = frozenset(
    {"phd", "ph.d", "dphil", "md", "jr", "junior", "sr", "senior", "ii", "iii", "obe", "cbe", "frs"}
)
"""What stands after a comma and is no forename."""
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


class OddCells(OddRow):
    """Cells of a row cannot be read: of each its field, and a sentence."""

    def __init__(self, cells: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _, sentence in cells))
        self.cells = cells


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
    """Read the cells of a row; `universities` are those that run the award, by their folded names. Raises OddCells."""
    read: dict[str, Callable[[str], object]] = {
        "home": lambda text: university_in(text, universities),
        "partner": lambda text: university_in(text, universities),
        "mode": mode_in,
        "per_cent": rate_in,
        **{name: partial(day_in, word=word) for name, word in DAYS.items()},
        "has_sponsored_visa": yes_in,
        "state": state_in,
    }
    said: dict[str, Any] = {name: cells.get(name) for name in ("department", "college", "project", "entry")}
    odd = []
    for name, reader in read.items():
        try:
            said[FIELDS.get(name, name)] = reader(cells.get(name, ""))
        except OddRow as wrong:
            odd.append((name, str(wrong)))
    if odd:
        raise OddCells(odd)
    return Said(name=name_in(cells)[:LONGEST_NAME], **said)


def name_in(cells: Mapping[str, str]) -> str:
    """Read a name, from one column or from two."""
    given, family = cells.get("given", ""), cells.get("family", "")
    return in_order(cells.get("name", "")) or f"{given} {family}".strip()


def in_order(name: str) -> str:
    """Return a name in the order in which it is said: "Nettleford, Nora" is Nora Nettleford; letters after it stay."""
    family, comma, given = (part.strip() for part in name.partition(","))
    is_turned = bool(family and given) and "," not in given and given.casefold().strip(".") not in AFTER_NAMES
    return f"{given} {family}" if comma and is_turned else name


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
