"""What ended lately without its person's doing: told for two weeks, so that nobody looks for it in vain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from programme.core.web.words import long_date
from programme.engines.registration.agenda.queries import ended_since
from programme.engines.registration.states import RegistrationState
from programme.flows.steps.step import Act, Kind, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration

TOLD_FOR = timedelta(days=14)
NEXT = {RegistrationState.REFUSED: "See what was decided", RegistrationState.LAPSED: "See why, and what you can do"}


@dataclass(frozen=True, slots=True)
class EndedLately:
    """What was refused, or has lapsed."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Return a step for each registration, the latest first."""
        for row in ended_since(session, person_id, since=now - TOLD_FOR):
            yield ended_step(row, links.path(row))


def ended_step(row: Registration, page: str) -> Step:
    """Return the step of one registration."""
    when = f"{long_date(row.ended_at)}." if row.ended_at else ""
    return Step(
        kind=Kind.OVER,
        about=f"registration:{row.id}",
        title=row.opening.title,
        look=row.state.value,
        url=page,
        strand=row.opening.strand.value,
        why=(when, row.reason),
        next=Act(NEXT[row.state], page),
    )


ENDED = EndedLately()
