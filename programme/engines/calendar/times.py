"""London wall time to instants and back, with the two nights a year that are not plain."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from programme.core.refusal import Refusal

LONDON = ZoneInfo("Europe/London")


class TimeDoesNotExist(Refusal):
    """The clocks jump over this wall time.

    `before` and `after` are the instants (UTC) that the reading by the old and by the new offset give: for 01:30 in
    March they are 00:30 and 02:30 by the wall.
    """

    def __init__(self, wall: datetime, *, field: str | None = None) -> None:
        self.wall = wall
        self.before = _instant(wall, 1)
        self.after = _instant(wall, 0)
        sentence = (
            f"{_clock(wall)} on {_day(wall)} does not exist: the clocks go forward in that hour. "
            f"Choose {_clock(to_wall(self.before))} or {_clock(to_wall(self.after))}."
        )
        super().__init__(sentence, field=field)


class TimeIsAmbiguous(Refusal):
    """The clocks show this wall time twice; `first` and `second` are the two instants (UTC)."""

    def __init__(self, wall: datetime, *, field: str | None = None) -> None:
        self.wall = wall
        self.first = _instant(wall, 0)
        self.second = _instant(wall, 1)
        sentence = (
            f"{_clock(wall)} on {_day(wall)} exists twice: the clocks go back in that hour. "
            f"Say which: before the change ({_zone(self.first)}) or after it ({_zone(self.second)})."
        )
        super().__init__(sentence, field=field)


def to_instant(wall: datetime, *, fold: int | None = None) -> datetime:
    """Turn naive London wall time into an aware UTC instant.

    `fold` says which of two: 0 is before the clocks go back, 1 after; elsewhere it has no effect.
    Raises TimeDoesNotExist in the gap of March, TimeIsAmbiguous in the hour that comes twice unless `fold` is given.
    """
    if _is_in_gap(wall):
        raise TimeDoesNotExist(wall)
    if fold is None and is_ambiguous(wall):
        raise TimeIsAmbiguous(wall)
    return _instant(wall, fold or 0)


def nearest_instant(wall: datetime) -> datetime:
    """Turn naive London wall time into an instant without asking: over a gap forward, of two the first."""
    return _instant(wall, 0)


def to_wall(instant: datetime) -> datetime:
    """Show an aware instant as naive London wall time (its `fold` tells the second of two)."""
    return instant.astimezone(LONDON).replace(tzinfo=None)


def london_day(instant: datetime) -> date:
    """Name the London calendar day on which an aware instant falls."""
    return instant.astimezone(LONDON).date()


def start_of_day(day: date) -> datetime:
    """Give the instant (UTC) at which a London day begins."""
    return nearest_instant(datetime(day.year, day.month, day.day))  # noqa: DTZ001  London wall time


def days_or_instants(
    starts_at: datetime, ends_at: datetime, *, all_day: bool
) -> tuple[datetime | date, datetime | date]:
    """Return start and end as a calendar wants them: days for whole days, the end being the day after the last."""
    if not all_day:
        return starts_at, ends_at
    return london_day(starts_at), max(london_day(ends_at), london_day(starts_at) + timedelta(days=1))


def days_before(instant: datetime, days: int, *, zone: ZoneInfo = LONDON) -> datetime:
    """Give the instant `days` calendar days earlier at the same wall time of a zone (negative: later).

    A wall time in a gap moves forward, of two the first is taken; 0 days is the instant itself.
    Raises OverflowError outside the years 1 to 9999.
    """
    if days == 0:
        return instant.astimezone(UTC)
    wall = instant.astimezone(zone).replace(tzinfo=None) - timedelta(days=days)
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def is_ambiguous(wall: datetime) -> bool:
    """Tell whether the clocks show this naive London wall time twice."""
    return _instant(wall, 0) < _instant(wall, 1)


def _is_in_gap(wall: datetime) -> bool:
    return _instant(wall, 1) < _instant(wall, 0)


def _instant(wall: datetime, fold: int) -> datetime:
    if wall.tzinfo is not None:
        msg = "a wall time has no zone"
        raise ValueError(msg)
    return wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC)


def _zone(instant: datetime) -> str:
    return instant.astimezone(LONDON).tzname() or ""


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M}"


def _day(wall: datetime) -> str:
    return f"{wall.day} {wall:%B %Y}"
