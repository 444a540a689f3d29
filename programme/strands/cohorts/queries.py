"""Named reads that several rooms of the strand share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.strands.cohorts.models import Cohort

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

COHORT = "cohort"


def cohort_titles(session: Session, subjects: Iterable[tuple[str | None, int | None]]) -> dict[tuple[str, int], str]:
    """Return the titles of those `subjects` that are cohorts: one statement."""
    ids = {number for kind, number in subjects if kind == COHORT and number is not None}
    if not ids:
        return {}
    rows = session.execute(select(Cohort.id, Cohort.title).where(Cohort.id.in_(ids)))
    return {(COHORT, row.id): row.title for row in rows}
