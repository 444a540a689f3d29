"""How many stay: the sums of destinations, without any number from which one person could be told. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.strands.cohorts.states import Region
from programme.strands.cohorts.sums.hiding import is_told

if TYPE_CHECKING:
    from collections.abc import Iterable

TWO_REGIONS = frozenset({Region.LIVERPOOL, Region.OXFORDSHIRE})


@dataclass(frozen=True, slots=True)
class Staying:
    """How many answered, and of these how many are in the two regions, and in the United Kingdom.

    `each` are the numbers of each region, which stand on the same page.
    """

    answered: int
    in_regions: int
    in_uk: int
    each: tuple[int, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether shares may be told: enough answered, and neither side of any share is a few people.

        Nor is any region: of two that make a side together, the one that is told tells the one that is hidden.
        """
        sides = (self.in_regions, self.in_uk - self.in_regions, self.answered - self.in_uk)
        return is_told(*sides) and (not self.each or is_told(*self.each))

    @property
    def share_in_uk(self) -> int:
        """How many of a hundred are in the United Kingdom."""
        return round(100 * self.in_uk / self.answered) if self.answered else 0

    @property
    def share_in_regions(self) -> int:
        """How many of a hundred are in the two regions."""
        return round(100 * self.in_regions / self.answered) if self.answered else 0


def staying(regions: Iterable[Region]) -> Staying:
    """Sum up where people are."""
    counts = Counter(regions)
    abroad = counts[Region.ABROAD]
    in_regions, each = sum(counts[one] for one in TWO_REGIONS), tuple(counts[one] for one in Region)
    return Staying(counts.total(), in_regions, counts.total() - abroad, each)
