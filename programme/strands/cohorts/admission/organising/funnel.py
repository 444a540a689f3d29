"""The funnel of an admission: how many came how far, for each university wished, in numbers and in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.core.web.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Stage(StrEnum):
    """How far an application came, in order."""

    APPLIED = "applied"
    REFERENCES = "references"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ADMITTED = "admitted"


WORDS: Mapping[Stage, str] = {
    Stage.APPLIED: "Applied",
    Stage.REFERENCES: "References complete",
    Stage.REVIEWED: "Reviewed",
    Stage.DECIDED: "Decided by keys",
    Stage.OFFERED: "Offered",
    Stage.ACCEPTED: "Accepted",
    Stage.ADMITTED: "Admitted",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one application stands: the organisation it wishes to be at (None: it does not say), and what it reached."""

    wished: int | None
    reached: frozenset[Stage]


@dataclass(frozen=True, slots=True)
class Bar:
    """One stage: how many came so far, of how many, and how many of them wish which university."""

    stage: Stage
    number: int
    of: int
    by_wish: Mapping[int | None, int]

    @property
    def word(self) -> str:
        """Say the stage."""
        return WORDS[self.stage]


def bars(standings: Sequence[Standing]) -> tuple[Bar, ...]:
    """Return the stages with their numbers; every university that somebody wished is in each of them."""
    wishes = sorted({one.wished for one in standings}, key=lambda one: (one is None, one or 0))
    return tuple(
        Bar(
            stage,
            sum(stage in one.reached for one in standings),
            len(standings),
            {wish: sum(stage in one.reached and one.wished == wish for one in standings) for wish in wishes},
        )
        for stage in Stage
    )


def in_words(drawn: Sequence[Bar], *, begun: int) -> str:
    """Say what is drawn in one sentence: for those who do not see it, and for letters."""
    numbers = {bar.stage: bar.number for bar in drawn}
    begun_words = f" {plural(begun, 'form is', 'forms are')} begun and not sent." if begun else ""
    if not numbers.get(Stage.APPLIED):
        return f"Nobody has applied yet.{begun_words}"
    said = ", ".join(
        f"{numbers[stage]} {word}"
        for stage, word in (
            (Stage.REFERENCES, "with complete references"),
            (Stage.REVIEWED, "reviewed"),
            (Stage.DECIDED, "decided by keys"),
            (Stage.OFFERED, "offered a place"),
            (Stage.ACCEPTED, "accepted"),
        )
    )
    applied = plural(numbers[Stage.APPLIED], "person has", "people have")
    return f"{applied} applied: {said}, and {numbers[Stage.ADMITTED]} admitted.{begun_words}"
