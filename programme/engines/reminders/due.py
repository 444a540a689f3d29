"""When a reminder is due, how often it comes again, and until when it is of use: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from programme.engines.calendar.times import LONDON, days_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

MOST_DAYS = 365
MOST_HOURS = MOST_DAYS * 24
SHORTEST_REPEAT, LONGEST_REPEAT = 1, 31
USEFUL_AFTERWARDS = timedelta(days=7)
CLOCKS = timedelta(days=1)
"""More than any change of the clocks: windows are widened by it."""
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
"""Before anything that reminds: what comes again does so however long ago it first fell due."""


@dataclass(frozen=True, slots=True)
class Offset:
    """How far a reminder stands from an instant of its subject: negative before, positive after.

    With `repeat_days` it comes again every so many days after the first, until its subject reminds no more.
    """

    amount: int
    in_days: bool = True
    repeat_days: int = 0

    @property
    def is_before(self) -> bool:
        """Whether it comes before the instant it counts from."""
        return self.amount < 0


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a reminder falls due: when, until when it is of use, and which time it is, from 0."""

    due: datetime
    until: datetime
    number: int = 0


def due_at(offset: Offset, anchor: datetime, *, zone: ZoneInfo = LONDON) -> datetime:
    """Return the instant (UTC) at which the reminder falls due first.

    Days are calendar days at the zone's wall time, hours are absolute: one day before 09:00 on the morning after the
    clocks went forward is 09:00, twenty-four hours before is 08:00.
    """
    if offset.in_days:
        return days_before(anchor, -offset.amount, zone=zone)
    return anchor.astimezone(UTC) + timedelta(hours=offset.amount)


def turns(offset: Offset, anchor: datetime, *, first: int = 0, zone: ZoneInfo = LONDON) -> Iterator[Turn]:
    """Return every time that the reminder falls due, in order from its `first` on: no end of them where it repeats."""
    numbers = count(first) if comes_again(offset) else range(first, 1)
    return (turn_of(offset, anchor, number=number, zone=zone) for number in numbers)


def comes_again(offset: Offset) -> bool:
    """Whether a reminder falls due more than once: what comes before its instant never does."""
    return bool(offset.repeat_days) and not offset.is_before


def turn_of(offset: Offset, anchor: datetime, *, number: int, zone: ZoneInfo = LONDON) -> Turn:
    """Return one time that the reminder falls due.

    A reminder before its instant is of use until then, one after it for a week; one that comes again, until it does.
    """
    first = due_at(offset, anchor, zone=zone)
    if offset.is_before:
        return Turn(first, anchor.astimezone(UTC))
    if not comes_again(offset):
        return Turn(first, first + USEFUL_AFTERWARDS)
    due, following = (days_before(first, -offset.repeat_days * one, zone=zone) for one in (number, number + 1))
    return Turn(due, following, number)


def latest(offset: Offset, anchor: datetime, *, now: datetime, zone: ZoneInfo = LONDON) -> Turn | None:
    """Return the last time that the reminder fell due until now; None where it has not yet.

    Reckoned, not counted through: however often it came already, a few are looked at.
    """
    passed = 0
    if comes_again(offset):
        passed = max(0, (now - due_at(offset, anchor, zone=zone)) // timedelta(days=offset.repeat_days))
    near = range(passed + 1 if comes_again(offset) else passed, max(passed - 1, 0) - 1, -1)
    found = (turn_of(offset, anchor, number=number, zone=zone) for number in near)
    return next((turn for turn in found if turn.due <= now), None)


def turn_at(
    offset: Offset,
    anchor: datetime,
    *,
    now: datetime,
    since: datetime | None = None,
    seen: datetime | None = None,
    zone: ZoneInfo = LONDON,
) -> Turn | None:
    """Return the time at which the reminder is to be sent now: fallen due, and still of use.

    `since` is when its rule was made: a rule made after its own instant stays silent, so that an offset put right
    late does not write to people a second time. `seen` is when somebody looked last: what was of use still at that
    time, and is not any more, counts too, so that it can be said that it came too late; the latest such time.
    """
    reached = latest(offset, anchor, now=now, zone=zone)
    if reached is None or (seen or now) >= reached.until or (since is not None and since > reached.due):
        return None
    return reached


def is_for(since: datetime | None, *, turn: Turn) -> bool:
    """Whether somebody who has been of its audience since an instant is to get it: not who came after it fell due."""
    return since is not None and since <= turn.due


def window(offset: Offset, *, now: datetime) -> tuple[datetime, datetime]:
    """Return between which instants an anchor must lie for the reminder to be due now, a little wider than needed."""
    length = timedelta(days=offset.amount) if offset.in_days else timedelta(hours=offset.amount)
    if offset.is_before:
        return now, now - length + CLOCKS
    begins = LONG_AGO if comes_again(offset) else now - length - USEFUL_AFTERWARDS - CLOCKS
    return begins, now - length + CLOCKS


def wrong_offset(offset: Offset) -> str | None:
    """Say what is wrong with an offset that somebody chose, if anything."""
    most = MOST_DAYS if offset.in_days else MOST_HOURS
    if abs(offset.amount) > most:
        return f"Choose {most:,} {'days' if offset.in_days else 'hours'} at most."
    if offset.repeat_days and offset.is_before:
        return "Only what comes afterwards can come again."
    if offset.repeat_days and not SHORTEST_REPEAT <= offset.repeat_days <= LONGEST_REPEAT:
        return f"It can come again every {SHORTEST_REPEAT} to {LONGEST_REPEAT} days."
    return None
