"""Whether a course rests on a day: one rule, for pages, lists and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists

from programme.strands.cohorts.models import Suspension

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import ColumnElement

Days = tuple["date | None", "date | None"]
"""From which day on a course rests, and the first that counts again."""


def rests(candidature_id: Any, today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether the course of a candidature rests on a day."""
    return exists().where(
        Suspension.candidature_id == candidature_id, Suspension.rests_from <= today, Suspension.back_on > today
    )


def is_resting(suspensions: Iterable[Days], *, today: date) -> bool:
    """Whether a course with these suspensions rests on a day."""
    return any(first and back and first <= today < back for first, back in suspensions)
