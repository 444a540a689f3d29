"""What an organiser decides about an admission, and what of it cannot hang together: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.strands.cohorts.admission.judging import HIGHEST

if TYPE_CHECKING:
    from datetime import datetime

MOST_REFERENCES, MOST_CRITERIA, MOST_WEIGHT, MOST_OFFER_DAYS = 3, 6, 100, 14
LONGEST_ANCHOR = 200
USUAL_ANCHORS = ("Absent", "Weak", "Partial", "Sound", "Strong", "Outstanding")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What applications are scored by; `id` is set for one that is there already."""

    title: str
    weight: int
    anchors: tuple[str, ...] = USUAL_ANCHORS
    id: int | None = None


USUAL_CRITERIA = (
    Criterion("Quality of the project", 3),
    Criterion("Preparation of the applicant", 2),
    Criterion("What both universities add to it", 2),
    Criterion("Can it be done in the time", 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What is asked about each application."""

    references_wanted: int = 2
    references_by: datetime | None = None
    reviews_by: datetime | None = None
    hides_names: bool = False
    criteria: tuple[Criterion, ...] = USUAL_CRITERIA


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the call itself says. `places` empty is without limit; an accepted offer is answered in so many days."""

    title: str
    note: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    places: int | None = None
    offer_days: int = 10
    key_days: int = 14


def check_asks(asks: Asks, *, closes_at: datetime | None) -> None:
    """Refuse what cannot hang together."""
    if not 0 <= asks.references_wanted <= MOST_REFERENCES:
        raise Refusal(f"Ask for 0 to {MOST_REFERENCES} references.", field="references_wanted")
    if asks.references_by and closes_at and asks.references_by < closes_at:
        raise Refusal("Give referees at least until applications close.", field="references_by")
    if asks.reviews_by and closes_at and asks.reviews_by < closes_at:
        raise Refusal("Reviewers cannot end before applications close.", field="reviews_by")
    check_criteria(asks.criteria)


def check_criteria(criteria: tuple[Criterion, ...]) -> None:
    """Refuse too few or too many, a weight that is none, two of one title, and anchors that are not six."""
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        raise Refusal(f"Score by 1 to {MOST_CRITERIA} criteria.", field="criteria")
    for one in criteria:
        if not 0 <= one.weight <= MOST_WEIGHT:
            raise Refusal(f"The weight of “{one.title}” is a whole number from 0 to {MOST_WEIGHT}.", field="criteria")
        if len(one.anchors) != HIGHEST + 1 or any(len(words) > LONGEST_ANCHOR for words in one.anchors):
            raise Refusal(
                f"Say for “{one.title}” what each of 0 to {HIGHEST} means: six lines, {LONGEST_ANCHOR} letters each.",
                field="criteria",
            )
    if not any(one.weight for one in criteria):
        raise Refusal("One criterion at least has to weigh something.", field="criteria")
    if len({one.title.casefold() for one in criteria}) < len(criteria):
        raise Refusal("Two criteria have one title: give each its own.", field="criteria")
