"""What clashes in a cohort's calendar, and what is on a day that a key milestone is due. Pure.

All events read here are for the same researchers, so two of them clash as they would for one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.calendar.clashes.rule import Kind as ClashKind
from programme.engines.calendar.clashes.rule import clash_between
from programme.engines.calendar.times import london_day
from programme.engines.calendar.warnings.values import Kind, Warned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from programme.engines.calendar.clashes.rule import Stay
    from programme.engines.calendar.clashes.ways import Ways
    from programme.engines.calendar.warnings.values import Scheduled

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class DueDay:
    """An event on a day on which researchers of the cohort have a key milestone due: which, and of how many."""

    event_id: int
    day: date
    title: str
    count: int


def between_events(events: Sequence[Scheduled], ways: Ways) -> list[Warned]:
    """Return which events one cohort cannot do both of, each pair once, in the order of time.

    It is told of the later event. What is a choice within one event (parts at the same time) is none of it.
    """
    ordered = sorted(events, key=lambda one: (one.stay.starts_at, one.stay.ends_at, one.stay.event_id))
    return [warned for number, later in enumerate(ordered) for warned in before(later, ordered[:number], ways)]


def before(later: Scheduled, others: Sequence[Scheduled], ways: Ways) -> Iterator[Warned]:
    """Say what an event clashes with that begins before it."""
    for other in others:
        if other.stay.ends_at + ways.longest <= later.stay.starts_at:
            continue
        clash = clash_between(later.stay, other.stay, ways)
        if clash is None:
            continue
        is_way = clash.kind is ClashKind.TRAVEL
        if is_way or not is_choice(later.stay, other.stay):
            yield Warned(kind=Kind.WAY if is_way else Kind.GROUP, event=later, other=other, clash=clash)


def is_choice(one: Stay, other: Stay) -> bool:
    """Whether both are parts of one event: at the same time, people choose among them."""
    return one.part_of_id is not None and one.part_of_id == other.part_of_id


def is_put_aside(warned: Warned, marks: Mapping[int, set[str]]) -> bool:
    """Whether a warning between two events was put aside at either of them."""
    if warned.other is None:
        return warned.mark in marks.get(warned.event.stay.event_id, set())
    turned = Warned(kind=warned.kind, event=warned.other, other=warned.event, clash=warned.clash)
    return warned.mark in marks.get(warned.event.stay.event_id, set()) or turned.mark in marks.get(
        warned.other.stay.event_id, set()
    )


def on_due_days(events: Sequence[Scheduled], due: Mapping[date, Mapping[str, int]]) -> list[DueDay]:
    """Return which events are on a day that key milestones are due on; `due` counts them by title for each day."""
    return [
        DueDay(one.stay.event_id, day, title, count)
        for one in events
        for day in days_of(one.stay)
        for title, count in sorted(due.get(day, {}).items())
    ]


def days_of(stay: Stay) -> Iterator[date]:
    """Give every London day that a stay touches."""
    day, last = london_day(stay.starts_at), london_day(stay.ends_at - INSTANT)
    while day <= last:
        yield day
        day += timedelta(days=1)
