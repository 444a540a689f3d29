"""Sums without any number from which one person could be told. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FEWEST_TOLD, FEWEST_HIDDEN = 10, 2
HIDDEN = "hidden"


def told(counts: Mapping[str, int]) -> dict[str, str]:
    """Return counts in words: none of one to nine people, nor any from which such a number could be reckoned.

    The sum of all is told beside them. So no number is hidden alone, and those that are hidden are ten people at least:
    of two that come to two, each would be one. Which are small, and which are hidden with these, is not told apart.
    """
    hidden = {word for word, number in counts.items() if 0 < number < FEWEST_TOLD}
    others = sorted((word for word, number in counts.items() if number >= FEWEST_TOLD), key=lambda word: counts[word])
    while hidden and others and not is_hidden_well([counts[word] for word in hidden]):
        hidden.add(others.pop(0))
    return {word: HIDDEN if word in hidden else f"{number:,}" for word, number in counts.items()}


def is_hidden_well(numbers: list[int]) -> bool:
    """Whether the sum of hidden numbers, which anybody can reckon, tells none of them."""
    return len(numbers) >= FEWEST_HIDDEN and sum(numbers) >= FEWEST_TOLD


def is_told(*sides: int) -> bool:
    """Whether a share may be told: enough in all, and no side of it is a few people."""
    return sum(sides) >= FEWEST_TOLD and all(side == 0 or side >= FEWEST_TOLD for side in sides)


def number_told(number: int) -> str:
    """Return one number by itself."""
    return f"{number:,}" if number == 0 or number >= FEWEST_TOLD else f"fewer than {FEWEST_TOLD}"
