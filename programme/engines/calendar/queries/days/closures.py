"""When universities are closed, as organisers entered it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.repeating.dates import Closed
from programme.engines.calendar.states import PeriodKind
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


def closures(session: Session, universities: Collection[int]) -> tuple[Closed, ...]:
    """Return the closures of these universities, by date."""
    period = AcademicPeriod
    statement = (
        select(Organisation.short_name, period.label, period.first_day, period.weeks)
        .join(Organisation, Organisation.id == period.organisation_id)
        .where(period.kind == PeriodKind.CLOSURE, period.organisation_id.in_(universities))
        .order_by(period.first_day, period.id)
    )
    return tuple(
        Closed(f"{place} is closed: {name}", first, first + timedelta(weeks=weeks, days=-1))
        for place, name, first, weeks in session.execute(statement)
    )
