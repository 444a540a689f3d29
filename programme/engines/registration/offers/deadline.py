"""Until when an offered place can be taken: so many hours, never at night, never too near the event. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from programme.engines.calendar.times import nearest_instant, to_wall

if TYPE_CHECKING:
    from collections.abc import Iterable

HOUR = 60
EVENING = time(21)
"""No offer ends later in the evening than this, London time; from then until its morning it is night."""
USUAL_MORNING = 9 * HOUR
EARLIEST_MORNING, LATEST_MORNING = 6 * HOUR, 12 * HOUR
MOST_HOURS = 14 * 24
BEFOREHAND = timedelta(hours=12)
"""An offer ends this long before what it is for, so that whoever is next has time, too."""
SHORTEST = timedelta(hours=2)
"""With less time than this to answer, a place is given at once."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def answer_by(now: datetime, *, hours: int, morning: int, last: datetime | None) -> datetime | None:
    """Return until when a place that is offered now can be taken; None where it is too near, and given at once.

    `hours` are counted by the clock of the world, not of the wall. `morning` is minutes after midnight, London time:
    what would end at night ends then. `last` is the instant of what the place is for (see `last_instant`).
    """
    wanted = after_the_night(to_the_minute(now + timedelta(hours=hours)), morning)
    if last is None or wanted <= last - BEFOREHAND:
        return wanted
    nearer = before_the_night(last - BEFOREHAND, morning)
    return nearer if nearer - now >= SHORTEST else None


def last_instant(starts: Iterable[datetime], *, closes_at: datetime | None, now: datetime) -> datetime | None:
    """Return what an offer has to end before: the next event to begin, or without any the end of registration."""
    ahead = [start for start in starts if start > now]
    if ahead:
        return min(ahead)
    return closes_at if closes_at is not None and closes_at > now else None


def after_the_night(instant: datetime, morning: int) -> datetime:
    """Return the instant, or the morning that ends the night in which it lies."""
    wall = to_wall(instant)
    if wall.time() > EVENING:
        return at_morning(wall + DAY, morning)
    return at_morning(wall, morning) if wall.time() < time_of(morning) else instant


def before_the_night(instant: datetime, morning: int) -> datetime:
    """Return the instant, or the evening that begins the night in which it lies."""
    wall = to_wall(instant)
    if wall.time() > EVENING:
        return nearest_instant(datetime.combine(wall, EVENING))
    return nearest_instant(datetime.combine(wall - DAY, EVENING)) if wall.time() < time_of(morning) else instant


def at_morning(day: datetime, morning: int) -> datetime:
    """Return the instant of a London day's morning."""
    return nearest_instant(datetime.combine(day, time_of(morning)))


def time_of(minutes: int) -> time:
    """Return minutes after midnight as a time of the wall clock."""
    return time(*divmod(minutes, HOUR))


def to_the_minute(instant: datetime) -> datetime:
    """Return the next full minute: letters tell no seconds, and nobody shall have less than they were told."""
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + MINUTE
