"""Named reads that several rooms of the strand share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.strands.cohorts.models import Cohort, FundingAward

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Times

COHORT = "cohort"


def long_over(now: datetime, times: Times) -> Select[int]:
    """Select the cohorts of awards that ended so long ago that nobody has to be named in them any more."""
    ended = FundingAward.ends_on < (now - times.awards).date()
    return select(Cohort.id).join(FundingAward, FundingAward.id == Cohort.award_id).where(ended)


def cohort_titles(session: Session, subjects: Iterable[tuple[str | None, int | None]]) -> dict[tuple[str, int], str]:
    """Return the titles of those `subjects` that are cohorts: one statement."""
    ids = {number for kind, number in subjects if kind == COHORT and number is not None}
    if not ids:
        return {}
    rows = session.execute(select(Cohort.id, Cohort.title).where(Cohort.id.in_(ids)))
    return {(COHORT, row.id): row.title for row in rows}
