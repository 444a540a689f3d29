"""A course as rules see it: when it began, at which rate it goes, where it pauses, what was granted besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FULL = 100
MOST_UNITS = 1_200
"""How far anything is counted: a hundred years of months."""


@dataclass(frozen=True, slots=True, order=True)
class Pause:
    """A suspension: so many units from `first` on."""

    first: int
    units: int

    @property
    def last(self) -> int:
        """The last unit that does not count."""
        return self.first + self.units - 1

    def meets(self, other: Pause) -> bool:
        """Whether two have a unit in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Rate:
    """From a unit on, how much of a unit of full-time study each unit counts for, in per cent."""

    first: int
    per_cent: int


@dataclass(frozen=True, slots=True)
class Course:
    """What reckoning needs to know of one researcher. Unit numbers are those of the home university's rulebook.

    `rates` are in order, the first from `entry`; `extended` are units granted besides, by the code of a milestone.
    """

    entry: int
    rates: tuple[Rate, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extended: Mapping[str, int] = field(default_factory=dict)

    def is_paused(self, unit: int) -> bool:
        """Whether a unit does not count."""
        return any(pause.first <= unit <= pause.last for pause in self.pauses)

    def rate(self, unit: int) -> int:
        """Return the rate in force in a unit, in per cent of full time."""
        return next((one.per_cent for one in reversed(self.rates) if one.first <= unit), FULL)

    def counted(self) -> Iterator[tuple[int, int]]:
        """Give each unit that counts, from entry on, with what is done by its end, in per cent of a unit."""
        come_to = 0
        for unit in count(self.entry):
            if self.is_paused(unit):
                continue
            come_to += self.rate(unit)
            yield unit, come_to

    def unit_reached(self, units: int, *, besides: int = 0) -> int:
        """Return the unit at whose end `units` of full-time study are done, and `besides` more that were granted.

        Units granted pass as they are, however much of full time is studied in them.
        """
        left = besides
        unit = self.entry
        for unit, come_to in self.counted():
            if unit - self.entry > MOST_UNITS:
                break
            if come_to >= units * FULL:
                if not left:
                    break
                left -= 1
        return unit

    def units_until(self, unit: int) -> int:
        """Return how many units have counted by the end of a unit, however much was studied in each."""
        return sum(1 for one in range(self.entry, unit + 1) if not self.is_paused(one))
