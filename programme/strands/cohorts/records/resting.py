"""Whose course rests today, and until when: what lists and records say beside somebody's status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.strands.cohorts.models import Suspension
from programme.strands.cohorts.progress.resting import is_resting
from programme.strands.cohorts.rulebooks.queries import books

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.rulebooks.queries import Book


def resting(
    session: Session, rows: Iterable[Candidature], *, today: date, known: Mapping[int, Book] | None = None
) -> dict[int, str]:
    """Return the last term or month of their suspension for those whose course rests today, by candidature.

    `known` are the rulebooks, where they are loaded already; the number of statements does not grow with the rows.
    """
    homes = {row.id: row.home_organisation_id for row in rows}
    if not homes:
        return {}
    of_these = session.scalars(select(Suspension).where(Suspension.candidature_id.in_(homes))).all()
    known = (books(session, set(homes.values())) if known is None else known) if of_these else {}
    found = {}
    for one in of_these:
        book = known.get(homes[one.candidature_id])
        if book and is_resting([(one.rests_from, one.back_on)], today=today):
            found[one.candidature_id] = book.units.name(one.first_unit + one.units - 1)
    return found
