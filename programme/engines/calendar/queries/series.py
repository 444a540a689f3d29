"""Lists of series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.sight import listed_to
from programme.engines.calendar.states import Visibility
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

MOST_SERIES = 200


def series_with_dates(session: Session, *, now: datetime) -> list[tuple[int, str]]:
    """Return (id, title) of the public series that have something ahead, by title."""
    ahead = select(Event.series_id).where(Event.ends_at > now, Event.series_id.is_not(None), listed_to(NOBODY))
    statement = (
        select(Series.id, Series.title)
        .where(Series.visibility == Visibility.PUBLIC, Series.id.in_(ahead))
        .order_by(Series.title, Series.id)
        .limit(MOST_SERIES)
    )
    return [(series_id, title) for series_id, title in session.execute(statement)]
