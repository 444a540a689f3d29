"""Which dates a change of a course moves, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.words import MONTHS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from programme.strands.cohorts.milestones.reckoning import Due
    from programme.strands.cohorts.milestones.units import Units

Key = tuple[str, int]
NO_DATES = "its dates are not known yet"


@dataclass(frozen=True, slots=True)
class When:
    """When something is due, in words; `is_dated` where the day is known."""

    words: str
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """One milestone that a change moves. Without `before` it is new, without `after` it falls away."""

    code: str
    occurrence: int
    before: When | None
    after: When | None


def moves(
    before: Iterable[Due], after: Iterable[Due], units: Units, *, fixed: Collection[Key] = frozenset()
) -> list[Move]:
    """Return what moves, in the order of the dates it had; `fixed` stays where it is (done, or set by hand)."""
    was = {(due.code, due.occurrence): due for due in before}
    becomes = {(due.code, due.occurrence): due for due in after}
    keys = [*was, *(key for key in becomes if key not in was)]
    return [
        Move(*key, when(was[key], units) if key in was else None, when(becomes[key], units) if key in becomes else None)
        for key in keys
        if key not in fixed and differs(was.get(key), becomes.get(key))
    ]


def differs(was: Due | None, becomes: Due | None) -> bool:
    """Whether one comes at another time."""
    return was is None or becomes is None or (was.unit, was.day) != (becomes.unit, becomes.day)


def when(due: Due, units: Units) -> When:
    """Say when something is due: its day, or its term while that has no dates."""
    return When(plain_day(due.day)) if due.day else When(units.name(due.unit), is_dated=False)


def plain_day(day: date) -> str:
    """4 December 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
