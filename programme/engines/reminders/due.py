"""When a reminder is due, how often it comes again, and until when it is of use: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from programme.engines.calendar.times import LONDON, days_before

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

MOST_DAYS = 365
MOST_HOURS = MOST_DAYS * 24
MOST_REPEATS = 26
SHORTEST_REPEAT, LONGEST_REPEAT = 1, 31
USEFUL_AFTERWARDS = timedelta(days=7)
CLOCKS = timedelta(days=1)
"""More than any change of the clocks: windows are widened by it."""


@dataclass(frozen=True, slots=True)
class Offset:
    """How far a reminder stands from an instant of its subject: negative before, positive after.

    With `repeat_days` it comes again every so many days after the first, at most MOST_REPEATS times.
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


def turns(offset: Offset, anchor: datetime, *, zone: ZoneInfo = LONDON) -> Sequence[Turn]:
    """Return every time that the reminder falls due, the first one first.

    A reminder before its instant is of use until then, one after it for a week; one that comes again, until it does.
    """
    first = due_at(offset, anchor, zone=zone)
    if offset.is_before:
        return [Turn(first, anchor.astimezone(UTC))]
    if not offset.repeat_days:
        return [Turn(first, first + USEFUL_AFTERWARDS)]
    dues = [days_before(first, -offset.repeat_days * number, zone=zone) for number in range(MOST_REPEATS + 2)]
    return [Turn(due, following, number) for number, (due, following) in enumerate(pairwise(dues))]


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
    reached = [turn for turn in turns(offset, anchor, zone=zone) if turn.due <= now and (seen or now) < turn.until]
    if not reached or (since is not None and since > reached[-1].due):
        return None
    return reached[-1]


def is_for(since: datetime | None, *, turn: Turn) -> bool:
    """Whether somebody who has been of its audience since an instant is to get it: not who came after it fell due."""
    return since is not None and since <= turn.due


def window(offset: Offset, *, now: datetime) -> tuple[datetime, datetime]:
    """Return between which instants an anchor must lie for the reminder to be due now, a little wider than needed."""
    length = timedelta(days=offset.amount) if offset.in_days else timedelta(hours=offset.amount)
    if offset.is_before:
        return now, now - length + CLOCKS
    lasts = timedelta(days=offset.repeat_days * (MOST_REPEATS + 1)) or USEFUL_AFTERWARDS
    return now - length - lasts - CLOCKS, now - length + CLOCKS


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
