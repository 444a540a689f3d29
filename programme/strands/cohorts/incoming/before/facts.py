"""What was before somebody came in, as it would be written. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.words import plural
from programme.strands.cohorts.milestones.moves import plain_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from programme.strands.cohorts.incoming.before.cells import Paused
    from programme.strands.cohorts.states import SupervisionRole


@dataclass(frozen=True, slots=True)
class Marked:
    """A milestone that was done on a day, or does not apply for a reason."""

    code: str
    occurrence: int
    title: str
    done_on: date | None = None
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Extended:
    """More time for a milestone, in units of the home's rulebook."""

    code: str
    title: str
    units: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who supervises; both days included."""

    name: str
    address: str
    role: SupervisionRole
    organisation_id: int
    share: int
    begins_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day on which the last milestone is due, where that is not the one reckoned."""

    code: str
    title: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Everything of it that would be written; `notes` say what of the row is left as it is, and why."""

    marks: tuple[Marked, ...] = ()
    rests: tuple[Paused, ...] = ()
    more: tuple[Extended, ...] = ()
    people: tuple[Joining, ...] = ()
    deadline: Deadline | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether anything would be written."""
        return bool(self.marks or self.rests or self.more or self.people or self.deadline)

    def words(self) -> Iterator[str]:
        """Say what would be written, in a few words each."""
        done = sum(1 for one in self.marks if one.done_on)
        exempt = len(self.marks) - done
        counts = (
            (done, "milestone done", "milestones done"),
            (exempt, "exempt", "exempt"),
            (len(self.rests), "suspension", "suspensions"),
            (len(self.more), "extension", "extensions"),
            (len(self.people), "supervisor", "supervisors"),
        )
        yield from (plural(number, one, many) for number, one, many in counts if number)
        if self.deadline:
            yield f"{self.deadline.title} set to {plain_day(self.deadline.day)}"


NOTHING = Before()
