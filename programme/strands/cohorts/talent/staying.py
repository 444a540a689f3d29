"""How many stay: the sums of destinations, without any number from which one person could be told. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.strands.cohorts.states import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FEWEST_TOLD = 10
HIDDEN, ALSO_HIDDEN = "fewer than 10", "hidden"
TWO_REGIONS = frozenset({Region.LIVERPOOL, Region.OXFORDSHIRE})


@dataclass(frozen=True, slots=True)
class Staying:
    """How many answered, and of these how many are in the two regions, and in the United Kingdom."""

    answered: int
    in_regions: int
    in_uk: int

    @property
    def is_told(self) -> bool:
        """Whether shares may be told: enough answered, and neither side of any share is a few people."""
        sides = (self.in_regions, self.in_uk - self.in_regions, self.answered - self.in_uk)
        return self.answered >= FEWEST_TOLD and all(side == 0 or side >= FEWEST_TOLD for side in sides)

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
    return Staying(counts.total(), sum(counts[one] for one in TWO_REGIONS), counts.total() - abroad)


def told(counts: Mapping[str, int]) -> dict[str, str]:
    """Return counts in words: none of one to nine people, nor another from which the only hidden one could be reckoned.

    The sum of all is told beside them, so that a single hidden number hides the next smallest one with it.
    """
    few = {word for word, number in counts.items() if 0 < number < FEWEST_TOLD}
    also = set()
    if len(few) == 1:
        others = [word for word, number in counts.items() if word not in few and number]
        also = set(sorted(others, key=lambda word: counts[word])[:1])
    return {
        word: HIDDEN if word in few else ALSO_HIDDEN if word in also else str(number) for word, number in counts.items()
    }
