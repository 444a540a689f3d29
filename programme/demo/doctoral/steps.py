"""What the cohort’s story is made of: chapters of steps, each one verb, and what must be there after them.

A step that is left out is missed: either a later one cannot be told, or what the chapter promises is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from programme.demo.stage import Stage


class MissingError(LookupError):
    """The demonstration does not show what it is to show; the text says what."""


class Step(NamedTuple):
    """One verb that a person uses, once or again and again; the words say what is done."""

    words: str
    tell: Callable[[Stage], object]


class Promise(NamedTuple):
    """What the demonstration shows after a chapter; the words say so where it is lacking."""

    lacking: str
    is_kept: Callable[[Stage], object]


class Chapter(NamedTuple):
    """Steps that belong together, and what they promise."""

    title: str
    steps: Sequence[Step]
    promises: Sequence[Promise]

    def tell(self, stage: Stage) -> None:
        """Tell every step, and look at what there is then."""
        for step in self.steps:
            step.tell(stage)
        self.check(stage)

    def check(self, stage: Stage) -> None:
        """Raise MissingError for the first promise that is not kept."""
        for promise in self.promises:
            if not promise.is_kept(stage):
                raise MissingError(f"{self.title}: {promise.lacking}")
