"""From when to when: start and end of a row, in one column each or with days and times apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.judging import (
    Notes,
    RowRefused,
    judged_end,
    judged_instant,
    judged_last_day,
    shown,
)
from programme.engines.calendar.reading.sheet.moments import (
    Cell,
    Moment,
    TimeOfDay,
    moment,
    time_of_day,
    times_of_day,
    wall_or_instant,
    with_time,
)
from programme.engines.calendar.times import start_of_day

if TYPE_CHECKING:
    from collections.abc import Mapping

WHEN = frozenset({"starts", "ends", "date", "end_date", "time", "end_time"})
_DAY = timedelta(days=1)


def span(when: Mapping[str, Cell], notes: Notes, *, is_whole_day: bool) -> tuple[datetime, datetime, bool]:
    """Read start and end (UTC instants) and whether the row is of whole days.

    Raises RowRefused where no day can be read as its start.
    """
    begin = _begin(when, notes)
    if begin.at is None and not is_whole_day:
        notes.say("starts", _no_time(when), "Taken as a whole day.")
    if begin.at is None or is_whole_day:
        return _whole_days(begin, _end_day(when), notes)
    starts = judged_instant(wall_or_instant(begin, begin.at), "starts", notes, fold=begin.at.fold)
    ends = _end(when, begin, notes)
    return starts, judged_end(starts, ends, notes, written=_written(when, "ends", "end_time")), False


def _begin(when: Mapping[str, Cell], notes: Notes) -> Moment:
    whole = moment(when.get("starts", ""))
    day = whole or moment(when.get("date", ""))
    if day is None:
        raise RowRefused("starts", _no_day(when))
    if day.note:
        notes.say("starts", day.note, f"Taken as {day.day:%d/%m/%Y}.")
    return day if day.at else with_time(day, _begin_time(when))


def _begin_time(when: Mapping[str, Cell]) -> TimeOfDay | None:
    """Read the time of the start from its own column, or from "Start" beside "Date"."""
    return times_of_day(when.get("time", ""))[0] or times_of_day(when.get("starts", ""))[0]


def _end(when: Mapping[str, Cell], begin: Moment, notes: Notes) -> datetime | None:
    """Read the end of a timed row; None where there is none that can be read."""
    written = moment(when.get("ends", "")) or moment(when.get("end_date", ""))
    day = written or Moment(begin.day)
    at = day.at or _end_time(when)
    if at is None:
        return start_of_day(day.day + _DAY) if day.day > begin.day else None
    return judged_instant(wall_or_instant(day, at), "ends", notes, fold=at.fold)


def _end_time(when: Mapping[str, Cell]) -> TimeOfDay | None:
    ranges = (times_of_day(when.get(name, ""))[1] for name in ("time", "starts"))
    alone = (time_of_day(when.get(name, "")) for name in ("end_time", "ends"))
    return next(filter(None, (*alone, *ranges)), None)


def _end_day(when: Mapping[str, Cell]) -> date | None:
    day = moment(when.get("ends", "")) or moment(when.get("end_date", ""))
    return None if day is None else day.day


def _whole_days(begin: Moment, last: date | None, notes: Notes) -> tuple[datetime, datetime, bool]:
    last_day = judged_last_day(begin.day, last, notes)
    return start_of_day(begin.day), start_of_day(last_day + _DAY), True


def _no_day(when: Mapping[str, Cell]) -> str:
    written = _written(when, "starts", "date")
    return f"The start “{shown(written)}” cannot be read as a date." if written else "There is no start."


def _no_time(when: Mapping[str, Cell]) -> str:
    written = _written(when, "time")
    return f"The time “{shown(written)}” cannot be read." if written else "There is no time."


def _written(when: Mapping[str, Cell], *names: str) -> str:
    return " ".join(filter(None, (str(when.get(name, "")).strip() for name in names)))
