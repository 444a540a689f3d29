"""Verbs of spreadsheets: keep one for its preview, bring its researchers in, throw it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete

from programme.core.refusal import Meanwhile, Refusal
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.awards.cohorts import note
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.candidatures import actions
from programme.strands.cohorts.candidatures.noting import note as note_record
from programme.strands.cohorts.incoming.before.headings import known_headings
from programme.strands.cohorts.incoming.before.writing import (
    note_before,
    write_course,
    write_milestones,
    write_people,
)
from programme.strands.cohorts.incoming.plan import Plan, PlannedRow, RowKind, plan
from programme.strands.cohorts.incoming.reading import MOST_BYTES, read_sheet
from programme.strands.cohorts.locking import hold, hold_all, lock, lock_cohort
from programme.strands.cohorts.models import Candidature, Cohort, CohortSheet
from programme.strands.cohorts.progress.handing.signing import ask_following
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rulebooks.queries import books

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.rulebooks.queries import Book

GONE = "This spreadsheet was brought in already, or thrown away. Upload it again where something is missing."
LONGEST_NAME = 200
MOST_READ = MOST_BYTES + 1
"""How much of an upload is read: what is longer is refused anyway."""


def keep(session: Session, cohort_id: int, *, filename: str, data: bytes, actor: Actor, now: datetime) -> CohortSheet:
    """Keep what a file says until it is confirmed; Refusal where it cannot be read."""
    cohort = session.get_one(Cohort, cohort_id)
    read = read_sheet(filename[:LONGEST_NAME], data, known=headings_of(session, cohort))
    lock(session, cohort)
    sheet = CohortSheet(
        cohort_id=cohort_id,
        person_id=actor.person_id,
        filename=filename[:LONGEST_NAME],
        rows=read.rows,
        not_read=read.not_read,
        uploaded_at=now,
    )
    session.add(sheet)
    session.flush()
    return sheet


def headings_of(session: Session, cohort: Cohort) -> dict[str, str]:
    """Return which headings mean what in a file of a cohort: its universities' milestones are among them."""
    running, known = {row.id for row in universities_of(cohort.award)}, books(session)
    rules = [rule for one in sorted(running & set(known)) for rule in known[one].rules(cohort.award_id).values()]
    return known_headings(rules, entry_year=cohort.entry_year)


def bring_in(session: Session, cohort_id: int, sheet_id: int, *, seen: str, actor: Actor, now: datetime) -> Plan:
    """Add and correct researchers as a sheet says, what is odd left out; all of it or nothing, and once.

    Refused where it would do something else now than what was looked at, of which `seen` is the mark. The cohort is
    locked before its sheet, as whoever deletes it does.
    """
    cohort = lock_cohort(session, cohort_id)
    sheet = claimed(session, cohort_id, sheet_id)
    hold_all(session, cohort_id)
    wanted = plan(session, cohort, sheet.rows, today=london_day(now))
    if wanted.mark != seen:
        raise Meanwhile
    known = books(session)
    written = {
        one.id: (one, row)
        for row in wanted.rows
        for one in [write_row(session, cohort, row, known=known, actor=actor, now=now)]
        if one is not None
    }
    renew_milestones(session, written, now=now)
    for one, row in written.values():
        write_milestones(one, row.before, filename=sheet.filename, now=now)
        note_before(session, one, row.before, known[one.home_organisation_id].units, actor=actor, now=now)
    renew_milestones(session, [number for number, (_, row) in written.items() if row.before.deadline], now=now)
    for one in (one for one, row in written.values() if row.before.people):
        ask_following(session, one, now=now)
    keep_in_step(session, cohort, now=now)
    counts = {kind.value: wanted.kinds[kind] for kind in RowKind}
    note(session, cohort, "researchers brought in", actor=actor, now=now, after=counts)
    return wanted


def write_row(
    session: Session, cohort: Cohort, row: PlannedRow, *, known: Mapping[int, Book], actor: Actor, now: datetime
) -> Candidature | None:
    """Write one row but for what is done of its milestones, which are reckoned first; None where it changes nothing."""
    if row.details is None or row.kind not in {RowKind.NEW, RowKind.CHANGED}:
        return None
    if row.candidature_id is None:
        book, who = known[row.details.home_id], {"address": row.address, "name": row.name}
        one = actions.enrol(session, cohort, row.details, book=book, state=row.state, now=now, **who)
        note_record(session, one, "researcher added", actor=actor, now=now)
    elif row.fields:
        one = actions.edit(session, row.candidature_id, row.details, actor=actor, now=now)
    else:
        one = hold(session, row.candidature_id)
    write_course(session, one, row.before, now=now)
    write_people(session, one, row.before, actor=actor, now=now)
    return one


class Claimed(NamedTuple):
    """A sheet that nobody else will bring in any more."""

    rows: list[dict[str, Any]]
    filename: str


def claimed(session: Session, cohort_id: int, sheet_id: int) -> Claimed:
    """Take a waiting sheet away and return what it says: before anything is written, so that it is done once."""
    own = (CohortSheet.id == sheet_id, CohortSheet.cohort_id == cohort_id)
    taken = delete(CohortSheet).where(*own).returning(CohortSheet.rows, CohortSheet.filename)
    found = session.execute(taken.execution_options(synchronize_session=False)).one_or_none()
    if found is None:
        raise Refusal(GONE)
    return Claimed(*found)


def throw_away(session: Session, cohort_id: int, sheet_id: int) -> None:
    """Throw a waiting sheet away; one that is gone is gone."""
    session.execute(delete(CohortSheet).where(CohortSheet.id == sheet_id, CohortSheet.cohort_id == cohort_id))
