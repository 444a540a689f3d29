"""What there is to think about on a day: bank holidays, weekends, and when a university is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import weekday
from programme.engines.calendar.data.known_dates import bank_holidays
from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.states import PeriodKind
from programme.people.models import Organisation

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which a university is closed, both included."""

    university: str
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Almanac:
    """What is known of days: England's bank holidays, and the closures that organisers entered."""

    closures: tuple[Closure, ...]

    def on(self, day: date, *, instead_of: date | None = None) -> list[str]:
        """Say what there is to think about on a day; of a weekend only where it stands for a weekday."""
        found = [holidays()[day]] if day in holidays() else []
        found += [
            f"{closure.university} is closed: {closure.name}"
            for closure in self.closures
            if closure.first <= day <= closure.last
        ]
        if instead_of is not None and instead_of.weekday() < SATURDAY <= day.weekday():
            found.append(f"A {weekday(day)}")
        return found


def almanac(session: Session) -> Almanac:
    """Read what is known of days: one query."""
    period = AcademicPeriod
    statement = (
        select(Organisation.short_name, period.label, period.first_day, period.weeks)
        .join(Organisation, Organisation.id == period.organisation_id)
        .where(period.kind == PeriodKind.CLOSURE)
        .order_by(period.first_day, period.id)
    )
    rows = session.execute(statement).all()
    return Almanac(
        tuple(
            Closure(place, name, first, first + timedelta(weeks=weeks, days=-1)) for place, name, first, weeks in rows
        )
    )


@cache
def holidays() -> dict[date, str]:
    """Return England's bank holidays by day, each said to be one."""
    return {
        row.day: row.name if "bank holiday" in row.name else f"{row.name}, a bank holiday" for row in bank_holidays()
    }
