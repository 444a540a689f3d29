"""When a reminder is due, and until when it is of use: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from programme.engines.calendar.times import days_before

MOST_DAYS = 365
MOST_HOURS = MOST_DAYS * 24
USEFUL_AFTERWARDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offset:
    """How far a reminder stands from an instant of its subject: negative before, positive after."""

    amount: int
    in_days: bool = True
    from_end: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """The subject as a reminder sees it: from `start` to `end`, aware."""

    start: datetime
    end: datetime


def due_at(offset: Offset, span: Span) -> datetime:
    """Return the instant (UTC) at which the reminder falls due.

    Days are calendar days at London wall time, hours are absolute: one day before 09:00 on the morning after the
    clocks went forward is 09:00, twenty-four hours before is 08:00.
    """
    anchor = span.end if offset.from_end else span.start
    if offset.in_days:
        return days_before(anchor, -offset.amount)
    return (anchor + timedelta(hours=offset.amount)).astimezone(UTC)


def useful_until(offset: Offset, span: Span) -> datetime:
    """Return when the reminder stops being of use: at the start if it comes before, else a week after it was due."""
    due = due_at(offset, span)
    return span.start if due < span.start else due + USEFUL_AFTERWARDS


def is_due(offset: Offset, span: Span, *, now: datetime, since: datetime | None = None) -> bool:
    """Whether the reminder should be sent now: fallen due, and still of use.

    `since` is when its rule was made: a rule made after its own instant stays silent, so that an offset put right
    late does not write to people a second time.
    """
    due = due_at(offset, span)
    return (since is None or since <= due) and due <= now < useful_until(offset, span)


def is_for(confirmed_at: datetime | None, *, offset: Offset, span: Span) -> bool:
    """Whether somebody confirmed at that instant is to be reminded: not who came after it had fallen due."""
    return confirmed_at is not None and confirmed_at <= due_at(offset, span)


def reach(offset: Offset) -> timedelta:
    """Return how long before its anchor the reminder can fall due at most; a day more than it says, for the clocks."""
    length = timedelta(days=-offset.amount) if offset.in_days else timedelta(hours=-offset.amount)
    return max(length, timedelta()) + timedelta(days=1)


def wrong_offset(offset: Offset) -> str | None:
    """Say what is wrong with an offset that somebody chose, if anything."""
    most = MOST_DAYS if offset.in_days else MOST_HOURS
    if not -most <= offset.amount < 0:
        return f"A reminder goes out before the event: choose 1 to {most:,} {'days' if offset.in_days else 'hours'}."
    return None
