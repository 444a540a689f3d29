"""When a break is: minutes of London's clock from the start of its event, so that it moves along. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from programme.engines.calendar.times import nearest_instant, to_wall

A_MINUTE = timedelta(minutes=1)


def span(starts_at: datetime, *, begins_after: int, minutes: int) -> tuple[datetime, datetime]:
    """Return the instants between which a break is, in an event that starts then."""
    begins = to_wall(starts_at) + begins_after * A_MINUTE
    return nearest_instant(begins), nearest_instant(begins + minutes * A_MINUTE)


def offset(starts_at: datetime, begins: datetime, ends: datetime) -> tuple[int, int]:
    """Return after how many minutes a break begins, and how many it lasts."""
    walls = [to_wall(instant).replace(fold=0) for instant in (starts_at, begins, ends)]
    return (walls[1] - walls[0]) // A_MINUTE, (walls[2] - walls[1]) // A_MINUTE
