"""What the page of the milestones of one record shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.times import london_day
from programme.strands.cohorts.milestones.corridor import Drawing, drawn
from programme.strands.cohorts.milestones.standing import Standing, Station, standings
from programme.strands.cohorts.progress.moving.suspending import length
from programme.strands.cohorts.progress.page.words import SENT_BACK, due_words, next_words, title_of
from programme.strands.cohorts.progress.queries import milestones_of
from programme.strands.cohorts.progress.renewing import course_of
from programme.strands.cohorts.progress.resting import is_resting
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.signing.queries import under

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.milestones.units import Units
    from programme.strands.cohorts.models import Candidature, Extension, Milestone, Signature, Suspension
    from programme.strands.cohorts.records.guarding import Record
    from programme.strands.cohorts.rulebooks.queries import Book


@dataclass(frozen=True, slots=True)
class Line:
    """One milestone in the list: its number on the drawing, how it stands, and what there is to say of it."""

    row: Milestone
    number: int
    standing: Standing
    title: str
    due: str
    next: str
    is_settled: bool
    """Whether the line is solid here: up to the last milestone that is done."""

    @property
    def is_sent_back(self) -> bool:
        """Whether somebody refused to sign it, and it is open since."""
        return self.next.startswith(SENT_BACK)

    def late(self, today: date) -> int:
        """Return by how many days it is late."""
        return (today - self.row.due_on).days if self.row.due_on else 0


@dataclass(frozen=True, slots=True)
class SuspensionLine:
    """A suspension in words."""

    row: Suspension
    span: str
    length: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The milestones of one record, drawn and listed. `book` is None where its university has no rulebook yet."""

    lines: list[Line]
    rests: list[SuspensionLine]
    extensions: list[tuple[Extension, str, str]]
    drawing: Drawing | None
    book: Book | None
    today: date

    @property
    def is_suspended(self) -> bool:
        """Whether the course rests today."""
        return any(rest.is_now for rest in self.rests)

    @property
    def is_provisional(self) -> bool:
        """Whether a day hangs on term dates that may change."""
        return any(line.row.is_provisional for line in self.lines)

    @property
    def undated(self) -> list[int]:
        """The terms that have no dates yet, of what has no day."""
        return [line.row.unit for line in self.lines if line.row.due_on is None]

    @property
    def following(self) -> Line | None:
        """Return what comes next, if anything."""
        open_ones = (one for one in self.lines if one.standing not in {Standing.DONE, Standing.EXEMPT})
        return next(open_ones, None)

    def line(self, milestone_id: int) -> Line | None:
        """Return one milestone."""
        return next((one for one in self.lines if one.row.id == milestone_id), None)


def shown(session: Session, record: Record, *, now: datetime) -> Shown:
    """Gather what the page shows."""
    row, today = record.candidature, london_day(now)
    book = books(session, [row.home_organisation_id]).get(row.home_organisation_id)
    rows = milestones_of(session, row.id)
    if book is None:
        return Shown([], [], [], None, None, today)
    rests = rests_of(row, book.units, today=today)
    stations = [Station(one.state, one.unit, one.due_on) for one in rows]
    how = standings(stations, today=today, is_suspended=any(rest.is_now for rest in rests))
    names = [one.rule.title if one.rule.is_key and not one.occurrence else "" for one in rows]
    course = course_of(row)
    drawing = drawn(
        list(zip(stations, how, names, strict=True)), book.units, entry=course.entry, pauses=course.pauses, today=today
    )
    signed = under(session, MILESTONE, [one.id for one in rows])
    lines = lines_of(rows, how, book.units, signed, is_own=record.is_own)
    return Shown(lines, rests, extensions_of(row, rows, book.units), drawing if rows else None, book, today)


def lines_of(
    rows: Sequence[Milestone],
    how: Sequence[Standing],
    units: Units,
    signed: Mapping[int, Sequence[Signature]],
    *,
    is_own: bool,
) -> list[Line]:
    """Return the lines of the list."""
    last_done = max((number for number, one in enumerate(how) if one is Standing.DONE), default=-1)
    return [
        Line(
            row,
            number + 1,
            standing,
            title_of(row),
            due_words(row, units),
            next_words(row, signed[row.id], is_own=is_own),
            number <= last_done,
        )
        for number, (row, standing) in enumerate(zip(rows, how, strict=True))
    ]


def rests_of(row: Candidature, units: Units, *, today: date) -> list[SuspensionLine]:
    """Return the suspensions in words."""
    return [
        SuspensionLine(
            one,
            span_words(one, units),
            length(one.units, units),
            is_resting([(one.rests_from, one.back_on)], today=today),
        )
        for one in row.suspensions
    ]


def span_words(one: Suspension, units: Units) -> str:
    """Say a suspension: "Hilary 2027", "Hilary 2027 to Trinity 2027"."""
    first, last = units.name(one.first_unit), units.name(one.first_unit + one.units - 1)
    return first if first == last else f"{first} to {last}"


def extensions_of(row: Candidature, rows: Sequence[Milestone], units: Units) -> list[tuple[Extension, str, str]]:
    """Return the extensions, each with what it is of and how long it is."""
    titles = {one.code: one.rule.title for one in rows}
    return [(one, titles.get(one.code, one.code), length(one.units, units)) for one in row.extensions]
