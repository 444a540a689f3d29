"""The line of a course as it is drawn: one line at the scale of its terms or months, a station for each milestone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from programme.strands.cohorts.milestones.standing import Standing, present_unit
from programme.strands.cohorts.milestones.units import Counting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from programme.strands.cohorts.milestones.course import Pause
    from programme.strands.cohorts.milestones.standing import Station
    from programme.strands.cohorts.milestones.units import Units

WIDTH, MARGIN, GAP = 1_100.0, 14.0, 24.0
"""In pixels: how wide it is drawn, what is left free at its ends, how far apart stations are at least."""
TERM_IN_DAYS, USUAL = 122, 0.55
"""How long a term lasts with its vacation, and where in it something is due whose day nobody knows."""
LETTER = 7.2
"""About how wide a letter of a name is."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One station on the line: where, how it stands, its number in the list, and its name where there is room."""

    x: float
    standing: Standing
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place on the line."""

    x: float
    word: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the line."""

    begins: float
    ends: float

    @property
    def length(self) -> float:
        """How long it is."""
        return self.ends - self.begins


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole line, solid up to `settled`, the last station that is done. Outside the course there is no `today`."""

    stops: tuple[Stop, ...]
    settled: float
    today: float | None
    pauses: tuple[Stretch, ...]
    years: tuple[Mark, ...]
    width: float = WIDTH
    margin: float = MARGIN


@dataclass(frozen=True, slots=True)
class Scale:
    """From units and days to places on the line: every unit is as wide as the others."""

    units: Units
    first: int
    last: int

    def place(self, unit: float) -> float:
        """Return where a unit begins; with a fraction, a place within it."""
        part = (unit - self.first) / (self.last + 1 - self.first)
        return MARGIN + max(0.0, min(1.0, part)) * (WIDTH - 2 * MARGIN)

    def within(self, unit: int, day: date | None) -> float:
        """Return where a day of a unit is; where the day is not known, where something of its kind usually is."""
        span = self.units.span(unit)
        if span is None or day is None:
            return self.place(unit + USUAL)
        if not span.first <= day <= span.last:  # set by hand
            unit = present_unit(self.units, day)
            span = self.units.span(unit) or span
        following = self.units.span(unit + 1)
        long = (following.first - span.first).days if following else TERM_IN_DAYS
        return self.place(unit + max(0.0, min(1.0, (day - span.first).days / long)))


def drawn(
    stations: Sequence[tuple[Station, Standing, str]],
    units: Units,
    *,
    entry: int,
    pauses: Iterable[Pause],
    today: date,
) -> Drawing:
    """Draw a course. `stations` come in the order of time, each with how it stands and what it is called."""
    last = max((one.unit for one, _, _ in stations), default=entry)
    scale = Scale(units, entry, last)
    places = apart([scale.within(one.unit, one.day) for one, _, _ in stations])
    stops = [
        Stop(x, standing, number)
        for number, (x, (_, standing, _)) in enumerate(zip(places, stations, strict=True), start=1)
    ]
    settled = max((stop.x for stop in stops if stop.standing is Standing.DONE), default=MARGIN)
    present = present_unit(units, today)
    return Drawing(
        stops=tuple(named(stops, [name for _, _, name in stations])),
        settled=settled,
        today=scale.within(present, today) if entry <= present <= last else None,
        pauses=tuple(Stretch(scale.place(one.first), scale.place(one.last + 1)) for one in pauses),
        years=tuple(Mark(scale.place(unit), word) for unit, word in years(units, entry, last)),
    )


def apart(places: Sequence[float]) -> list[float]:
    """Move what is too close together apart, to the right where there is room, in the same order."""
    found = list(places)
    gap = min(GAP, (WIDTH - 2 * MARGIN) / max(len(found) - 1, 1))
    for number in range(1, len(found)):
        found[number] = max(found[number], found[number - 1] + gap)
    end = WIDTH - MARGIN
    for number in reversed(range(len(found))):
        found[number] = end = min(found[number], end)
        end -= gap
    return found


def named(stops: Sequence[Stop], names: Sequence[str]) -> list[Stop]:
    """Give names to the stops that have one, the last first, wherever it meets none that is there already."""
    free, found = WIDTH, []
    for stop, name in reversed(list(zip(stops, names, strict=True))):
        half = len(name) * LETTER / 2
        left = min(max(stop.x - half, 0.0), WIDTH - 2 * half)
        fits = bool(name) and left + 2 * half <= free
        free = left - LETTER if fits else free
        found.append(Stop(stop.x, stop.standing, stop.number, name if fits else ""))
    return found[::-1]


def years(units: Units, first: int, last: int) -> list[tuple[int, str]]:
    """Return the units at which a year begins, with what it is called; too many are thinned out."""
    begins = [unit for unit in range(first, last + 1) if unit % units.a_year == 0 or unit == first]
    if units.counting is Counting.MONTHS:
        begins = [unit for unit in begins if unit % units.a_year == 0]
        return [(unit, str(units.year_of(unit))) for unit in begins]
    crowded = any(later - earlier < units.a_year for earlier, later in pairwise(begins[:2]))
    return [(unit, units.short(unit)) for unit in (begins[1:] if crowded else begins)]
