"""The travel times in force: those of the sheet, but for what an administrator changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.tokens import token_hash
from programme.engines.calendar.clashes.ways import Way, Ways
from programme.engines.calendar.data.known_travel import known_ways
from programme.engines.calendar.models import TravelTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.data.known_travel import KnownWay


@dataclass(frozen=True, slots=True)
class Line:
    """One way as it is in force, in minutes, beside what was known beforehand."""

    least: int
    planned: int
    known: KnownWay

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.known.site}_{self.known.other}"

    @property
    def is_changed(self) -> bool:
        """Whether an administrator knew better."""
        return (self.least, self.planned) != (self.known.least, self.known.planned)


def lines(session: Session) -> list[Line]:
    """Return every way in force, in the order of the sheet, in one query."""
    changed = {(row.site, row.other): row for row in session.scalars(select(TravelTime))}
    known = [(changed.get((one.site, one.other)) or one, one) for one in known_ways()]
    return [Line(now.least, now.planned, one) for now, one in known]


def ways(session: Session) -> Ways:
    """Return the ways as the rule of clashes reads them."""
    return Ways(
        {
            frozenset({line.known.site, line.known.other}): Way(
                least=timedelta(minutes=line.least), planned=timedelta(minutes=line.planned)
            )
            for line in lines(session)
        }
    )


def mark_of(found: Sequence[Line]) -> str:
    """Return a mark of the times in force: other times have another, so that a form knows that it is out of date."""
    return token_hash(repr([(line.key, line.least, line.planned) for line in found]))
