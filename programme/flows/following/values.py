"""What following is about: rows beside the events that follow them, and what a refresh did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.reading.rows import Oddity, ReadRow, RowAudience, RowBooking, RowStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.calendar.subscribed.merging import Merged
    from programme.engines.calendar.subscribed.models import FollowedEvent
    from programme.flows.importing.taking import Ground
    from programme.flows.importing.values import ImportPlan, PlannedRow

MOST_TOLD = 50
MOST_ODD = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and the event that follows it; `sums` are what the row says, by field; `read` is it as it came."""

    read: PlannedRow
    row: PlannedRow
    entry: FollowedEvent
    sums: Mapping[str, str]
    merged: Merged

    @property
    def has_news(self) -> bool:
        """Whether anything is to be taken."""
        return bool(self.merged.take)


@dataclass(frozen=True, slots=True)
class Compared:
    """A calendar beside the events that follow it: `plan` holds what is new, and all that is odd."""

    plan: ImportPlan
    ground: Ground
    new: list[PlannedRow]
    pairs: list[Pair]
    vanished: list[FollowedEvent]
    is_sure: bool
    """Whether what is not there has surely vanished: not where rows could not be read, or most of all are missing."""
    outside: int
    """How many rows are over for long, or too far ahead, to be taken in."""


@dataclass(slots=True)
class Refreshed:
    """What a refresh did; `lately` tells of single events."""

    new: int = 0
    changed: int = 0
    same: int = 0
    conflicts: int = 0
    called_off: int = 0
    asked: int = 0
    back: int = 0
    told: int = 0
    """Letters queued to people with places."""
    outside: int = 0
    read: int = 0
    left: int = 0
    """How many new and changed events are left for the next turn, which comes at once."""
    odd: list[Oddity] = field(default_factory=list)
    lately: list[dict[str, Any]] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        """Whether anything changed here."""
        return bool(self.new or self.changed or self.called_off or self.back)

    def tell(self, entry: FollowedEvent, what: str, names: tuple[str, ...] = ()) -> None:
        """Note what happened to one event, as far as there is room."""
        if len(self.lately) < MOST_TOLD:
            told = {"event": entry.event_id, "title": entry.said["title"], "starts": entry.said["starts"], "what": what}
            self.lately.append({**told, "fields": list(names)})

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is kept; of very much that is odd, the first."""
        numbers = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in {"odd", "lately"}}
        odd = [
            {"line": odd.line, "field": odd.field, "reason": odd.reason, "default": odd.default_taken}
            for odd in self.odd[:MOST_ODD]
        ]
        return {**numbers, "odd": odd, "odd_rows": len({odd.line for odd in self.odd}), "lately": self.lately}


def as_json(row: ReadRow) -> dict[str, Any]:
    """Return a row as it is kept."""
    plain = {**asdict(row), "starts": row.starts.isoformat(), "ends": row.ends.isoformat(), "stamp": None, "line": 0}
    return {**plain, "speakers": list(row.speakers), "extra": dict(row.extra)}


def from_json(kept: Mapping[str, Any]) -> ReadRow:
    """Return a row that was kept."""
    return ReadRow(
        **{
            **kept,
            "starts": datetime.fromisoformat(kept["starts"]),
            "ends": datetime.fromisoformat(kept["ends"]),
            "speakers": tuple(kept["speakers"]),
            "audience": RowAudience(kept["audience"]),
            "booking": RowBooking(kept["booking"]),
            "status": RowStatus(kept["status"]),
        }
    )
