"""One cohort as rows and columns: for each home university a table with the key milestones of its rulebook."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from programme.core.web.words import MONTHS, ordinal, plural
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.milestones.reckoning import Reckoned
from programme.strands.cohorts.milestones.standing import Standing, Station, present_unit, standings
from programme.strands.cohorts.milestones.units import Counting
from programme.strands.cohorts.models import Milestone, StudyRate, Suspension
from programme.strands.cohorts.progress.resting import is_resting
from programme.strands.cohorts.states import UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.people.models import Organisation
    from programme.strands.cohorts.milestones.units import Units
    from programme.strands.cohorts.models import Candidature, MilestoneRule
    from programme.strands.cohorts.progress.resting import Days
    from programme.strands.cohorts.rulebooks.queries import Book
    from programme.strands.cohorts.states import MilestoneState

Key = tuple[str, int]
YEARS_SHOWN = 2
"""Of what comes every year: this year's and the next."""


class Kept(NamedTuple):
    """A milestone as it is read for many at once."""

    id: int
    candidature_id: int
    code: str
    occurrence: int
    unit: int
    due_on: date | None
    state: MilestoneState
    done_on: date | None


class Cell(NamedTuple):
    """What stands where a researcher's line meets a column; `is_solid` where the line goes on solid from here."""

    standing: Standing
    words: str
    is_solid: bool


class Column(NamedTuple):
    """One milestone of a rulebook; of one that comes every year, that of one year."""

    key: Key
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Person:
    """One researcher's line; `also_late` are late milestones that have no column here."""

    row: Candidature
    is_part_time: bool
    cells: list[Cell | None]
    also_late: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The researchers of one university; `undated` are the terms without dates in which something of theirs falls."""

    home: Organisation
    columns: list[Column]
    people: list[Person]
    undated: set[int]


@dataclass(slots=True)
class Read:
    """What was read of some researchers, by candidature."""

    milestones: dict[int, list[Kept]] = field(default_factory=lambda: defaultdict(list))
    suspensions: dict[int, list[Days]] = field(default_factory=lambda: defaultdict(list))
    rates: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))


def read(session: Session, ids: Collection[int]) -> Read:
    """Read what is needed of some researchers, in three statements."""
    found = Read()
    columns = [getattr(Milestone, name) for name in Kept._fields]
    for row in session.execute(
        select(*columns).where(Milestone.candidature_id.in_(ids)).order_by(Milestone.unit, Milestone.id)
    ):
        found.milestones[row.candidature_id].append(Kept(*row))
    pauses = select(Suspension.candidature_id, Suspension.rests_from, Suspension.back_on)
    for one, rests_from, back_on in session.execute(pauses.where(Suspension.candidature_id.in_(ids))):
        found.suspensions[one].append((rests_from, back_on))
    rates = select(StudyRate.candidature_id, StudyRate.first_unit, StudyRate.per_cent)
    for one, first, per_cent in session.execute(rates.where(StudyRate.candidature_id.in_(ids))):
        found.rates[one].append((first, per_cent))
    return found


def tables(
    session: Session, rows: Sequence[Candidature], *, known: Mapping[int, Book], award_id: int, today: date
) -> list[Table]:
    """Return a table for each home university, in the order of the rows; those without a rulebook have no columns."""
    found = read(session, [row.id for row in rows])
    made = []
    for home_id, group in groupby(rows, key=lambda row: row.home_organisation_id):
        people, book = list(group), known.get(home_id)
        rules = book.rules(award_id) if book else {}
        own = [one for row in people for one in found.milestones[row.id]]
        columns = columns_of(rules, own, book.units, today=today) if book else []
        lines = [line(row, found, columns, rules, book, today=today) for row in people]
        made.append(Table(people[0].home, columns, lines, {one.unit for one in own if one.due_on is None}))
    return made


def columns_of(
    rules: Mapping[str, MilestoneRule], milestones: Iterable[Kept], units: Units, *, today: date
) -> list[Column]:
    """Return the columns of a university in the order of time: what is key, once or for this year and the next.

    A milestone stands where it does for most: those who entered years before others reach the same ones long before.
    """
    times: dict[Key, list[tuple[int, date | None]]] = defaultdict(list)
    for one in milestones:
        rule = rules.get(one.code)
        if rule is not None and rule.is_key:
            times[one.code, one.occurrence].append((one.unit, one.due_on))
    usual = {key: median_low(map(in_time, every)) for key, every in times.items()}
    shown = sorted(usual, key=lambda key: (usual[key], rules[key[0]].position))
    return [
        Column(key, titled(rules[key[0]], key[1]), about(rules[key[0]], rules, units))
        for key in shown
        if not key[1] or key[1] in years_shown(usual, key[0], today=today)
    ]


def in_time(when: tuple[int, date | None]) -> tuple[int, int]:
    """Return what columns are ordered by."""
    unit, day = when
    return (unit, day.toordinal() if day else 0)


def years_shown(keys: Iterable[Key], code: str, *, today: date) -> list[int]:
    """Return which years of a yearly milestone have a column: this year's and the next, or the last there are."""
    every = sorted({year for one, year in keys if one == code and year})
    ahead = [year for year in every if year >= today.year]
    return (ahead or every[-YEARS_SHOWN:])[:YEARS_SHOWN]


def titled(rule: MilestoneRule, year: int) -> str:
    """Say what a milestone is called."""
    return f"{rule.title} {year}" if year else rule.title


def about(rule: MilestoneRule, rules: Mapping[str, MilestoneRule], units: Units) -> str:
    """Say when a rule falls due, in a few words."""
    if rule.reckoned is Reckoned.BEFORE:
        base = rules.get(rule.base)
        return f"{plural(rule.weeks, 'week')} before {base.title.lower() if base else rule.base}"
    if rule.reckoned is Reckoned.COUNTED:
        name = "month" if units.counting is Counting.MONTHS else "term"
        return f"end of {ordinal(rule.units)} {name}"
    return MONTHS[rule.place] if units.counting is Counting.MONTHS else units.named[rule.place].name


def line(
    row: Candidature,
    found: Read,
    columns: Sequence[Column],
    rules: Mapping[str, MilestoneRule],
    book: Book | None,
    *,
    today: date,
) -> Person:
    """Return one researcher's line."""
    if book is None:
        return Person(row, is_part_time=False, cells=[], also_late=[])
    own, present = found.milestones[row.id], present_unit(book.units, today)
    rests = is_resting(found.suspensions[row.id], today=today)
    how = stand(row, own, today=today, is_suspended=rests)
    by_key = {(one.code, one.occurrence): (one, standing) for one, standing in zip(own, how, strict=True)}
    shown = {column.key for column in columns}
    late = [key for key, (_, standing) in by_key.items() if standing is Standing.OVERDUE and key not in shown]
    rate = max((one for one in found.rates[row.id] if one[0] <= max(present, row.entry_unit)), default=(0, FULL))[1]
    cells = cells_of(columns, by_key, book.units, today=today)
    also = [titled(rules[code], year) if code in rules else code for code, year in late]
    return Person(row, is_part_time=rate < FULL, cells=cells, also_late=also)


def stand(row: Candidature, own: Sequence[Kept], *, today: date, is_suspended: bool) -> list[Standing]:
    """Return how somebody's milestones stand; for whoever is not under way any more, nothing is asked."""
    found = standings([Station(one.state, one.unit, one.due_on) for one in own], today=today, is_suspended=is_suspended)
    if row.state in UNDER_WAY:
        return found
    return [one if one is Standing.DONE else Standing.EXEMPT for one in found]


def cells_of(
    columns: Sequence[Column], by_key: Mapping[Key, tuple[Kept, Standing]], units: Units, *, today: date
) -> list[Cell | None]:
    """Return somebody's cells: the line is solid up to the last station that is done."""
    found = [by_key.get(column.key) for column in columns]
    done = [number for number, one in enumerate(found) if one and one[1] is Standing.DONE]
    last = max(done, default=-1)
    return [
        Cell(one[1], words(*one, units, today=today), number <= last) if one else None
        for number, one in enumerate(found)
    ]


def words(one: Kept, standing: Standing, units: Units, *, today: date) -> str:
    """Say how a station stands, as shortly as a cell wants it."""
    if standing is Standing.DONE:
        return short_day(one.done_on) if one.done_on else "done"
    if standing is Standing.OVERDUE and one.due_on:
        return f"{plural((today - one.due_on).days, 'day')} late"
    said = {Standing.HANDED_IN: "handed in", Standing.SUSPENDED: "suspended", Standing.EXEMPT: "exempt"}
    return said.get(standing) or (short_day(one.due_on) if one.due_on else units.short(one.unit))


def short_day(day: date) -> str:
    """5 Dec 26."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year % 100:02d}"
