"""What a rulebook allows of suspensions and extensions: the sentence where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.strands.cohorts.milestones.course import Course, Pause
    from programme.strands.cohorts.milestones.units import Units


NONE_LEFT = "none is left"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one may pause, and be granted more time: in units; None where the rulebook sets no limit."""

    shortest_pause: int = 1
    longest_pause: int | None = None
    pauses_in_all: int | None = None


def wrong_pause(pause: Pause, course: Course, units: Units, limits: Limits) -> str | None:
    """Say what is wrong with one more suspension, and what to do; None where it may be.

    `course` has the suspensions there are, without the one in question.
    """
    one, many = ("term", "terms") if units.counting == "terms" else ("month", "months")
    if pause.first < course.entry:
        return f"The course began in {units.name(course.entry)}: suspend from then on."
    overlapping = next((other for other in sorted(course.pauses) if pause.meets(other)), None)
    if overlapping:
        span = f"{units.name(overlapping.first)} to {units.name(overlapping.last)}"
        return f"It is suspended already from {span}. Change that suspension, or begin this one afterwards."
    together = joined(pause, course.pauses)
    if pause.units < limits.shortest_pause:
        return f"A suspension is for {counted(limits.shortest_pause, one, many)} at least."
    if limits.longest_pause is not None and together > limits.longest_pause:
        besides = f", with the one it adjoins {counted(together, one, many)}" if together > pause.units else ""
        return f"A suspension is for {counted(limits.longest_pause, one, many)} at most at a time{besides}. Shorten it."
    taken = sum(other.units for other in course.pauses)
    if limits.pauses_in_all is not None and taken + pause.units > limits.pauses_in_all:
        most, left = counted(limits.pauses_in_all, one, many), remaining(limits.pauses_in_all - taken)
        shorten = "Shorten it, or let" if left != NONE_LEFT else "Let"
        return (
            f"{most} may be suspended in all, and {taken} {'has' if taken == 1 else 'have'} been: {left}. {shorten}"
            " an administrator raise “Suspensions in all” in the university’s rulebook first."
        )
    return None


def joined(pause: Pause, others: Iterable[Pause]) -> int:
    """Return how long one is suspended on end with another suspension added."""
    first, last = pause.first, pause.last
    for other in sorted(others, reverse=True):
        if other.last == first - 1:
            first = other.first
    for other in sorted(others):
        if other.first == last + 1:
            last = other.last
    return last - first + 1


def wrong_extension(units_wanted: int, granted: int, most: int | None, *, one: str, many: str) -> str | None:
    """Say what is wrong with more time for a milestone that has `granted` already; None where it may be."""
    if units_wanted < 1:
        return f"Extend by one {one} at least."
    if most is not None and granted + units_wanted > most:
        left = remaining(most - granted)
        shorten, were = "Shorten it, or set" if left != NONE_LEFT else "Set", "was" if granted == 1 else "were"
        return (
            f"It may be extended by {counted(most, one, many)} in all, and {granted} {were} granted: {left}."
            f" {shorten} the day by hand with a reason."
        )
    return None


def remaining(number: int) -> str:
    """Say how many are left."""
    if number <= 0:
        return NONE_LEFT
    return f"{number} {'is' if number == 1 else 'are'} left"


def counted(number: int, one: str, many: str) -> str:
    """Say a number of units: "1 term", "3 terms"."""
    return f"{number} {one if number == 1 else many}"
