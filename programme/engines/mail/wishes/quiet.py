"""When a letter may go to somebody, by what they chose: quiet hours, and the hour of the day's letter. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HOUR = 60


class Wished(Protocol):
    """What somebody chose; times are minutes after midnight in London."""

    @property
    def wants_digest(self) -> bool:
        """Return whether reminders of a day come in one letter."""

    @property
    def digest_at(self) -> int:
        """Return when the day's letter comes."""

    @property
    def quiet_from(self) -> int | None:
        """Return when quiet begins, if there is any."""

    @property
    def quiet_until(self) -> int | None:
        """Return when quiet ends, perhaps the next morning."""


def held_until(wishes: Wished, *, due: datetime, valid_until: datetime | None, is_urgent: bool) -> datetime | None:
    """Return until when quiet hours hold a letter back; None where it may go.

    What is urgent is never held, nor what would be of no use any more when quiet ends.
    """
    end = end_of_quiet(wishes, due)
    if is_urgent or end is None or (valid_until is not None and end >= valid_until):
        return None
    return end


def end_of_quiet(wishes: Wished, at: datetime) -> datetime | None:
    """Return when the quiet hours end in which an instant lies; None where it lies in none.

    Each night is an interval of instants, from the first time that the clocks show its beginning to the first time
    that they show its end: on the nights of the change it is an hour shorter or longer, and never comes twice.
    """
    if wishes.quiet_from is None or wishes.quiet_until is None or wishes.quiet_from == wishes.quiet_until:
        return None
    over_midnight = wishes.quiet_until < wishes.quiet_from
    today = at.astimezone(LONDON).date()
    for day in (today - timedelta(days=1), today):
        start = instant_of(day, wishes.quiet_from)
        end = instant_of(day + timedelta(days=over_midnight), wishes.quiet_until)
        if start <= at < end:
            return end_of_quiet(wishes, end) or end
    return None


def digest_time(wishes: Wished, due: datetime) -> datetime:
    """Return the first instant from `due` on at which the day's letter goes: one for each day in London."""
    today = due.astimezone(LONDON).date()
    return next(
        instant
        for days in range(3)
        for instant in [instant_of(today + timedelta(days=days), wishes.digest_at)]
        if instant >= due
    )


def waits_for_digest(wishes: Wished, *, due: datetime, valid_until: datetime | None) -> datetime | None:
    """Return until when a reminder waits for the day's letter; None where it goes by itself, or would be too late."""
    if not wishes.wants_digest:
        return None
    at = digest_time(wishes, due)
    return None if valid_until is not None and at >= valid_until else at


def instant_of(day: date, minutes: int) -> datetime:
    """Return the instant at which London's clocks show a time of a day: of two the first, over a gap forward."""
    hour, minute = divmod(minutes, HOUR)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """Return the day in London on which an instant falls."""
    return instant.astimezone(LONDON).date()
