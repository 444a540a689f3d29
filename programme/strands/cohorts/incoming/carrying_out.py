"""Verbs of spreadsheets: keep one for its preview, bring its researchers in, throw it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from programme.core.refusal import Meanwhile, Refusal
from programme.strands.cohorts.awards.cohorts import note
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.candidatures import actions
from programme.strands.cohorts.candidatures.noting import note as note_record
from programme.strands.cohorts.incoming.plan import Plan, RowKind, plan
from programme.strands.cohorts.incoming.reading import MOST_BYTES, read_sheet
from programme.strands.cohorts.locking import lock
from programme.strands.cohorts.models import Cohort, CohortSheet
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rulebooks.queries import books

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

GONE = "This spreadsheet was brought in already, or thrown away. Upload it again where something is missing."
LONGEST_NAME = 200
MOST_READ = MOST_BYTES + 1
"""How much of an upload is read: what is longer is refused anyway."""


def keep(session: Session, cohort_id: int, *, filename: str, data: bytes, actor: Actor, now: datetime) -> CohortSheet:
    """Keep what a file says until it is confirmed; Refusal where it cannot be read."""
    read = read_sheet(filename[:LONGEST_NAME], data)
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


def bring_in(session: Session, cohort_id: int, sheet_id: int, *, seen: str, actor: Actor, now: datetime) -> Plan:
    """Add and correct researchers as a sheet says, what is odd left out; all of it or nothing, and once.

    Refused where it would do something else now than what was looked at, of which `seen` is the mark.
    """
    rows = claimed(session, cohort_id, sheet_id)
    cohort = session.get_one(Cohort, cohort_id)
    lock(session, cohort)
    wanted = plan(session, cohort, rows)
    if wanted.mark != seen:
        raise Meanwhile
    added, known = [], books(session)
    for row in wanted.rows:
        if row.kind is RowKind.NEW and row.details is not None:
            book, who = known[row.details.home_id], {"address": row.address, "name": row.name}
            one = actions.enrol(session, cohort, row.details, book=book, state=row.state, now=now, **who)
            note_record(session, one, "researcher added", actor=actor, now=now)
            added.append(one.id)
        elif row.kind is RowKind.CHANGED and row.details is not None and row.candidature_id is not None:
            actions.edit(session, row.candidature_id, row.details, actor=actor, now=now)
    renew_milestones(session, added, now=now)
    keep_in_step(session, cohort, now=now)
    counts = {kind.value: wanted.kinds[kind] for kind in RowKind}
    note(session, cohort, "researchers brought in", actor=actor, now=now, after=counts)
    return wanted


def claimed(session: Session, cohort_id: int, sheet_id: int) -> list[dict[str, Any]]:
    """Take a waiting sheet away and return its rows: the transaction's first write, so that it is done once."""
    own = (CohortSheet.id == sheet_id, CohortSheet.cohort_id == cohort_id)
    taken = delete(CohortSheet).where(*own).returning(CohortSheet.rows)
    rows: list[dict[str, Any]] | None = session.scalar(taken.execution_options(synchronize_session=False))
    if rows is None:
        raise Refusal(GONE)
    return rows


def throw_away(session: Session, cohort_id: int, sheet_id: int) -> None:
    """Throw a waiting sheet away; one that is gone is gone."""
    session.execute(delete(CohortSheet).where(CohortSheet.id == sheet_id, CohortSheet.cohort_id == cohort_id))
