"""One thing in somebody's programme, and in which order and under which head things stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from programme.flows.clashing.finding import Going


class Kind(StrEnum):
    """What a thing is to its person."""

    OFFERED = "offered"
    DO = "do"
    WAIT = "wait"
    HAVE = "have"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Act:
    """One click: what it is called, where it leads; `is_verb` is done by it (a POST), any other is a page."""

    label: str
    address: str
    is_verb: bool = False
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing in somebody's programme.

    `about` is the same for all that one act settles ("registration:7"): it is asked for once. `look` is a state that
    macros/states.html knows, `words` what it is called here, if otherwise. `starts_at` is empty for what has no date.
    `due` is by when `next` has to be done; `why` are sentences that explain where it stands. `going` is where its
    person is to be, for what clashes; none where they need not be anywhere.
    """

    kind: Kind
    about: str
    title: str
    look: str
    words: str = ""
    url: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    strand: str = ""
    place: str = ""
    place_end: str = ""
    why: tuple[str, ...] = ()
    due: datetime | None = None
    next: Act | None = None
    others: tuple[Act, ...] = ()
    going: Going | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing about it is open."""
        return self.kind is Kind.HAVE and self.due is None


def needs_answer(steps: Iterable[Step], now: datetime) -> list[Step]:
    """Return what asks something of its person, each once: the earliest deadline first, then what has none."""
    asking = [step for step in steps if step.next and asks(step, now)]
    once = {step.about: step for step in sorted(asking, key=urgency, reverse=True)}
    return sorted(once.values(), key=urgency)


def asks(step: Step, now: datetime) -> bool:
    """Whether a step waits for its person; what is too late does not."""
    return step.due > now if step.due else step.kind in {Kind.OFFERED, Kind.DO}


def urgency(step: Step) -> tuple[bool, float, bool, float, str]:
    """Return what is sorted by: when it is due, then when it is."""
    due, starts = step.due.timestamp() if step.due else 0.0, step.starts_at.timestamp() if step.starts_at else 0.0
    return (step.due is None, due, step.starts_at is None, starts, step.about)


def dated(steps: Iterable[Step]) -> list[Step]:
    """Return what has a date, in the order of time."""
    return sorted((step for step in steps if step.starts_at), key=by_date)


def by_date(step: Step) -> tuple[float, str, str]:
    """Return what is sorted by among dates."""
    return (step.starts_at.timestamp() if step.starts_at else 0.0, step.title, step.about)


def undated(steps: Iterable[Step]) -> list[Step]:
    """Return what has no date, as it came."""
    return [step for step in steps if not step.starts_at]
