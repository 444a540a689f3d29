"""What scores come to: a weighted mean of each reviewer, the mean of those without a conflict, its spread. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

HALF_POINTS = 2
"""Scores are kept in half points: 7 is three and a half."""
HIGHEST = 5
MOST_HALF_POINTS = HIGHEST * HALF_POINTS
Weights = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Scores:
    """What one reviewer said of one application: half points by criterion, and whether they count."""

    half_points: Mapping[int, int]
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """What reviewers came to: how many have scored every criterion, their mean, and how far apart they are.

    `spread` is the standard deviation of their means; of fewer than two there is none.
    """

    number: int = 0
    mean: float | None = None
    spread: float | None = None


def mean_of(scores: Scores, weights: Weights) -> Fraction | None:
    """Return one reviewer's weighted mean, from 0 to 5; None as long as a criterion that weighs is not scored."""
    weighing = {criterion: weight for criterion, weight in weights.items() if weight > 0}
    if not weighing or not weighing.keys() <= scores.half_points.keys():
        return None
    total = sum(scores.half_points[criterion] * weight for criterion, weight in weighing.items())
    return Fraction(total, HALF_POINTS * sum(weighing.values()))


def judged(every: Sequence[Scores], weights: Weights) -> Judged:
    """Return what the reviewers of one application came to; whoever is recused never counts."""
    means = [mean for one in every if one.counts for mean in [mean_of(one, weights)] if mean is not None]
    if not means:
        return Judged()
    middle = sum(means, start=Fraction(0)) / len(means)
    if len(means) == 1:
        return Judged(1, float(middle))
    variance = sum(((mean - middle) ** 2 for mean in means), start=Fraction(0)) / len(means)
    return Judged(len(means), float(middle), sqrt(variance))


def is_complete(scores: Scores, weights: Weights) -> bool:
    """Whether a reviewer has scored everything that weighs."""
    return mean_of(scores, weights) is not None


def is_locked(reviews_by: datetime | None, open_until: datetime | None, *, now: datetime) -> bool:
    """Whether scores stay as they are: from the end of reviewing on, but for whom it was opened again, until then."""
    if reviews_by is None or now < reviews_by:
        return False
    return open_until is None or now >= open_until
