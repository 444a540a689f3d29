"""Drawing a timetable: days; where things are at once, rooms side by side, and lanes within a room. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.times import london_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a timetable: from when to when (instants), in which room; `url` is empty for a break."""

    starts_at: datetime
    ends_at: datetime
    title: str
    room: str = ""
    is_break: bool = False
    url: str = ""
    people: tuple[str, ...] = ()
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the table: what is in it, if anything, and over how many rows and columns it goes."""

    item: Item | None = None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, by the instant at which it begins."""

    starts_at: datetime
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One London day of a timetable: `rooms` are names with how many columns each has."""

    day: date
    rooms: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]


Lanes = dict[Item, tuple[str, int]]


def days_of(items: Iterable[Item]) -> tuple[Day, ...]:
    """Draw items day by day; each stands on the day on which it begins."""
    by_day: defaultdict[date, list[Item]] = defaultdict(list)
    for item in sorted(set(items), key=lambda item: (item.starts_at, item.ends_at, item.room, item.title)):
        by_day[london_day(item.starts_at)].append(item)
    return tuple(drawn(day, by_day[day]) for day in sorted(by_day))


def drawn(day: date, items: Sequence[Item]) -> Day:
    """Draw one day; where nothing is at the same time as something else, there is one column whatever the rooms."""
    across = [item for item in items if item.is_break and stands_alone(item, items)]
    others = [item for item in items if item not in across]
    is_list = all(stands_alone(item, others) for item in others)
    lanes = dict.fromkeys(others, ("", 0)) if is_list else lanes_of(others)
    widths: dict[str, int] = {}
    for room, lane in lanes.values():
        widths[room] = max(widths.get(room, 0), lane + 1)
    columns = [(room, lane) for room, width in widths.items() for lane in range(width)]
    at = {(item.starts_at, *place): item for item, place in lanes.items()}
    bounds = sorted({bound for item in items for bound in (item.starts_at, item.ends_at)})
    lines = []
    for begins in bounds[:-1]:
        whole = next((item for item in across if item.starts_at == begins), None)
        cells = [Cell(whole, 1, max(1, len(columns)))] if whole else cells_at(begins, columns, at, bounds)
        if any(cell.item for cell in cells) or is_within(begins, lanes):
            lines.append(Line(begins, tuple(cells)))
    return Day(day, tuple(widths.items()), tuple(lines))


def stands_alone(item: Item, items: Sequence[Item]) -> bool:
    """Whether nothing else is at the same time."""
    return not any(it is not item and it.starts_at < item.ends_at and it.ends_at > item.starts_at for it in items)


def lanes_of(items: Sequence[Item]) -> Lanes:
    """Give each item a lane of its room, the first that is free: rooms in the order in which they are first used.

    A break that has no room is where nothing else is: no room is made up for it.
    """
    found: Lanes = {}
    for item in sorted(items, key=lambda one: one.is_break and not one.room):
        known = dict.fromkeys(found.values()) if item.is_break and not item.room else ()
        own = ((item.room, number) for number in range(len(items)))
        found[item] = next(lane for lane in (*known, *own) if is_free(lane, item, found))
    return found


def is_free(lane: tuple[str, int], item: Item, found: Lanes) -> bool:
    """Whether nothing in a lane is at the same time as an item."""
    return stands_alone(item, [one for one, its_lane in found.items() if its_lane == lane])


def cells_at(
    begins: datetime,
    columns: Sequence[tuple[str, int]],
    at: dict[tuple[datetime, str, int], Item],
    bounds: Sequence[datetime],
) -> list[Cell]:
    """Return the fields of one row: nothing where an item of an earlier row goes on."""
    found = []
    for room, lane in columns:
        item = at.get((begins, room, lane))
        if item is not None:
            found.append(Cell(item, rows=sum(item.starts_at <= bound < item.ends_at for bound in bounds)))
        elif not goes_on(begins, room, lane, at):
            found.append(Cell())
    return found


def goes_on(begins: datetime, room: str, lane: int, at: dict[tuple[datetime, str, int], Item]) -> bool:
    """Whether an item of a lane began before a row and is not over yet."""
    mine = (item for (_, its_room, its_lane), item in at.items() if (its_room, its_lane) == (room, lane))
    return any(item.starts_at < begins < item.ends_at for item in mine)


def is_within(begins: datetime, lanes: Lanes) -> bool:
    """Whether something began earlier and goes on: a row that no item begins in still holds it."""
    return any(item.starts_at < begins < item.ends_at for item in lanes)
