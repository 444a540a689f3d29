"""What importing is about: planned rows, questions about likenesses, the plan, and the outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.standing import Step, step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from programme.engines.calendar.reading.rows import ColumnSeen, Oddity, ReadRow, RefusedRow
    from programme.engines.calendar.states import EventState
    from programme.people.models import Strand
    from programme.people.permissions import Actor


class RowKind(StrEnum):
    """What a row of a file is to what is here already."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class Likeness(StrEnum):
    """Why a new row may be an event that an earlier file had and this one has not."""

    MOVED = "moved"
    ELSEWHERE = "elsewhere"
    RENAMED = "renamed"


class Stays(StrEnum):
    """Why an event of the file is a draft after the import."""

    NO_LEAVE = "no_leave"
    FILE = "file"
    UNKNOWN = "unknown"
    HERE = "here"


class Answer(StrEnum):
    """What a person says about a likeness."""

    SAME = "same"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Was:
    """How an event stands: its state, and whether people were ever told of it."""

    state: EventState
    is_announced: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An event that an earlier import made: its identity, what its row said, and the event itself."""

    identity: str
    digest: str
    series: str
    title: str
    starts: datetime
    told: Mapping[str, str]
    source: str
    event_id: int
    is_ours: bool
    """Whether the event still belongs to the organisation and strand that the file is imported for."""
    was: Was
    """How the event stands before the import."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row and what would become of it; `fields` are those that differ from what the file said last."""

    row: ReadRow
    identity: str
    digest: str
    told: Mapping[str, str]
    is_past: bool
    kind: RowKind = RowKind.NEW
    event_id: int | None = None
    fields: tuple[str, ...] = ()
    was: Was | None = None
    """How its event stands before the import, where there is one that is ours."""

    def step(self, *, publish: bool) -> Step:
        """Say what becomes of the state of its event, with leave to publish or without."""
        if self.was is None:
            return Step.NOTHING
        return step(
            self.row.status,
            self.was.state,
            was_announced=self.was.is_announced,
            publish=publish,
            is_changed="status" in self.fields,
        )

    @property
    def waits(self) -> bool:
        """Whether nobody was told of its event, and the import may tell what the row calls it."""
        is_known = self.was is None or self.was.is_announced
        return not is_known and any(self.step(publish=leave) is not Step.NOTHING for leave in (True, False))


@dataclass(frozen=True, slots=True)
class Question:
    """A new row that may be a known event: to be asked, never assumed."""

    likeness: Likeness
    row: PlannedRow
    known: Known

    @property
    def key(self) -> str:
        """Name the question, the same whenever the plan is made again."""
        return f"row_{self.row.identity[:24]}"


@dataclass(frozen=True)
class ImportPlan:
    """What a file would do."""

    organisation_id: int
    strand: Strand
    source: str
    rows: tuple[PlannedRow, ...]
    questions: tuple[Question, ...]
    oddities: tuple[Oddity, ...]
    refused: tuple[RefusedRow, ...]
    columns: tuple[ColumnSeen, ...]
    missing: int
    """Upcoming events of earlier files that this one should have and has not: nothing happens to them."""

    @cached_property
    def kinds(self) -> Counter[RowKind]:
        """Count the rows by kind."""
        return Counter(row.kind for row in self.rows)

    @property
    def read(self) -> int:
        """How many rows there are, those that cannot be taken included."""
        return len(self.rows) + len(self.refused)

    @property
    def odd(self) -> int:
        """How many rows have something odd about them, those that cannot be taken included."""
        return len({oddity.line for oddity in self.oddities} | {row.line for row in self.refused})

    @property
    def past(self) -> int:
        """How many new rows are over already."""
        return sum(row.is_past for row in self.rows if row.kind is RowKind.NEW)

    @property
    def has_work(self) -> bool:
        """Whether importing would change anything."""
        return any(row.kind is not RowKind.SAME or row.waits for row in self.rows)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who carries a plan out, when, and with leave to publish or not."""

    plan: ImportPlan
    actor: Actor
    publish: bool
    now: datetime


@dataclass(slots=True)
class Outcome:
    """What an import did."""

    new: int = 0
    changed: int = 0
    followed: int = 0
    same: int = 0
    published: int = 0
    drafts: int = 0
    archived: int = 0
    told: int = 0
    """Letters queued to people with places."""
    stay: Counter[Stays] = field(default_factory=Counter)
    """How many events of the file are drafts after it, and why."""
    series: list[tuple[int, str]] = field(default_factory=list)
    """The series that new events went into: id and title."""
