"""What things are called, by kind and id: for roles, trails and letters that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.models import Event, Series
from programme.engines.registration.models import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

KINDS: dict[str, type[Event | Series | Opening]] = {
    "event": Event,
    "series": Series,
    "opening": Opening,
    "offer": Opening,
    "feedback": Opening,
}
"""Of which table a thing is; offers and feedback go by their opening."""


def titles(session: Session, subjects: Iterable[tuple[str | None, int | None]]) -> dict[tuple[str, int], str]:
    """Return the titles of those `subjects` that have one: at most one query a kind."""
    wanted = {(kind, number) for kind, number in subjects if kind and number is not None}
    found: dict[tuple[str, int], str] = {}
    for kind, model in KINDS.items():
        numbers = [number for known, number in wanted if known == kind]
        if numbers:
            rows = session.execute(select(model.id, model.title).where(model.id.in_(numbers)))
            found |= {(kind, row.id): row.title for row in rows}
    return found
