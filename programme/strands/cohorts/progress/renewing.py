"""Milestones written anew from what they hang on: the only place that writes when they are due."""

from __future__ import annotations

from datetime import datetime, time
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.times import nearest_instant
from programme.engines.documents.models import Document
from programme.strands.cohorts.milestones.course import Course, Pause, Rate
from programme.strands.cohorts.milestones.reckoning import reckon
from programme.strands.cohorts.models import Candidature, Milestone, Signature
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.rulebooks.queries import as_rule, books
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.milestones.reckoning import Due
    from programme.strands.cohorts.models import MilestoneRule
    from programme.strands.cohorts.rulebooks.queries import Book

Key = tuple[str, int]
MORNING = time(9)
PORTION = 200


def renew_milestones(session: Session, ids: Collection[int] | None = None, *, now: datetime) -> None:
    """Reckon the milestones of candidatures again (all that are under way where no `ids` are given), and keep them.

    Whatever verb changes a course, a rulebook or term dates ends with this; the days of suspensions are reckoned with
    them. What is done stays as it was; what is not asked for any more goes, unless somebody did something about it.
    """
    rows = session.scalars(reckonable(ids)).all()
    known = books(session, {row.home_organisation_id for row in rows})
    for candidature in rows:
        book = known.get(candidature.home_organisation_id)
        if book is not None:
            renew_one(session, candidature, book, now=now)
    session.flush()


def renew_all(session: Session, *, now: datetime) -> int:
    """Reckon the milestones of all that are under way again, a portion at a time; return how many are new or moved.

    For a new release, which may reckon otherwise than the one that wrote them.
    """
    under_way = select(Candidature.id).where(Candidature.state.in_(UNDER_WAY)).order_by(Candidature.id)
    last, moved = 0, 0
    while portion := session.scalars(under_way.where(Candidature.id > last).limit(PORTION).with_for_update()).all():
        last = portion[-1]
        renew_milestones(session, portion, now=now)
        changed = (Milestone.candidature_id.in_(portion), Milestone.changed_at == now)
        moved += session.scalar(select(func.count()).select_from(Milestone).where(*changed)) or 0
    return moved


def reckonable(ids: Collection[int] | None) -> Select[Candidature]:
    """Select candidatures with everything that their milestones hang on."""
    return whole().where(Candidature.state.in_(UNDER_WAY) if ids is None else Candidature.id.in_(ids))


@cache
def whole() -> Select[Candidature]:
    """Return the statement behind `reckonable`: built once, as nearly every verb of the strand ends with it."""
    return select(Candidature).options(
        joinedload(Candidature.cohort),
        selectinload(Candidature.rates),
        selectinload(Candidature.suspensions),
        selectinload(Candidature.extensions),
        selectinload(Candidature.milestones),
    )


def course_of(candidature: Candidature) -> Course:
    """Return a candidature as reckoning reads it."""
    extended: dict[str, int] = {}
    for one in candidature.extensions:
        extended[one.code] = extended.get(one.code, 0) + one.units
    return Course(
        entry=candidature.entry_unit,
        rates=tuple(Rate(one.first_unit, one.per_cent) for one in candidature.rates),
        pauses=tuple(Pause(one.first_unit, one.units) for one in candidature.suspensions),
        extended=extended,
    )


def reckoned_for(candidature: Candidature, book: Book) -> list[tuple[MilestoneRule, Due]]:
    """Return what somebody has to reach, each with its rule."""
    rules = book.rules(candidature.cohort.award_id)
    found = reckon([as_rule(rule) for rule in rules.values()], course_of(candidature), book.units)
    return [(rules[due.code], due) for due in found]


def renew_one(session: Session, candidature: Candidature, book: Book, *, now: datetime) -> None:
    """Bring the milestones of one candidature in line with what is reckoned."""
    for pause in candidature.suspensions:
        pause.rests_from = book.units.first_day(pause.first_unit)
        pause.back_on = book.units.first_day(pause.first_unit + pause.units)
    kept = {(row.code, row.occurrence): row for row in candidature.milestones}
    wanted: dict[Key, tuple[MilestoneRule, Due]] = {
        (due.code, due.occurrence): (rule, due) for rule, due in reckoned_for(candidature, book)
    }
    for key, (rule, due) in wanted.items():
        row = kept.get(key)
        if row is None:
            row = Milestone(
                code=due.code, occurrence=due.occurrence, state=MilestoneState.OPEN, sequence=0, changed_at=now
            )
            candidature.milestones.append(row)
        if row.state is not MilestoneState.DONE:
            write(row, rule, due, now=now)
    for row in unheld(session, untouched(kept, wanted)):
        candidature.milestones.remove(row)


def untouched(kept: Mapping[Key, Milestone], wanted: Iterable[Key]) -> list[Milestone]:
    """Return what nothing asks for any more, and nobody has done anything about."""
    asked = set(wanted)
    return [
        row
        for key, row in kept.items()
        if key not in asked and row.state is MilestoneState.OPEN and row.set_on is None and not row.words
    ]


def unheld(session: Session, rows: list[Milestone]) -> list[Milestone]:
    """Return those of some milestones that hold nothing: neither a file nor a signature, which no other may inherit."""
    ids = [row.id for row in rows if row.id]
    if not ids:
        return rows
    files = select(Document.subject_id).where(Document.subject_kind == MILESTONE, Document.subject_id.in_(ids))
    signed = select(Signature.subject_id).where(Signature.subject_kind == MILESTONE, Signature.subject_id.in_(ids))
    held = {*session.scalars(files), *session.scalars(signed)}
    return [row for row in rows if row.id not in held]


def write(row: Milestone, rule: MilestoneRule, due: Due, *, now: datetime) -> None:
    """Write when a milestone is due; a day set by hand counts instead of the one reckoned."""
    day = row.set_on or due.day
    if row.due_on is not None and row.due_on != day:
        row.sequence, row.changed_at = row.sequence + 1, now
    is_provisional = due.is_provisional and row.set_on is None
    if row.is_provisional is not is_provisional:
        row.changed_at = now
    row.rule_id = rule.id
    row.unit = due.unit
    row.due_on = day
    row.due_at = morning_of(day)
    row.is_provisional = is_provisional


def morning_of(day: date | None) -> datetime | None:
    """Return nine in the morning of a London day as an instant: letters are read then, and days counted back to it."""
    return nearest_instant(datetime.combine(day, MORNING)) if day else None
