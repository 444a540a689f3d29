"""The milestones of a cohort as a table for a spreadsheet: a line for each milestone of each researcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.progress.grid.cells import read, stand
from programme.strands.cohorts.progress.resting import is_resting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.rulebooks.queries import Book

HEAD = (
    *("Researcher", "Registered at", "Department", "Status"),
    *("Milestone", "Year", "Term or month", "Due", "State", "Done on"),
)


def lines(
    session: Session, rows: Sequence[Candidature], *, known: Mapping[int, Book], today: date
) -> Iterator[tuple[str, ...]]:
    """Give the lines below the head; a day that nobody knows yet is empty."""
    found = read(session, [row.id for row in rows])
    for row in rows:
        book = known.get(row.home_organisation_id)
        if book is None:
            continue
        rests = is_resting(found.suspensions[row.id], today=today)
        titles = {rule.code: rule.title for rule in book.row.rules}
        own = found.milestones[row.id]
        for one, standing in zip(own, stand(row, own, today=today, is_suspended=rests), strict=True):
            yield (
                row.person.name if row.person else "",
                row.home.name,
                row.department,
                row.state.value.replace("_", " "),
                titles.get(one.code, one.code),
                str(one.occurrence or ""),
                book.units.name(one.unit),
                one.due_on.isoformat() if one.due_on else "",
                standing.value.replace("_", " "),
                one.done_on.isoformat() if one.done_on else "",
            )
