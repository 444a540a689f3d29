"""Verbs of what is kept in an account for forms: kept whole, and offered where a form asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.profiles.models import ProfileAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.kinds import Asked

OFFERED = ("dietary", "access")
"""The kinds of questions whose answers an account may keep; name and affiliation it has already."""


def keep(session: Session, person_id: int, values: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what somebody wants to be filled in, by kind, in place of all that was kept; nothing is let go."""
    session.execute(delete(ProfileAnswer).where(ProfileAnswer.person_id == person_id))
    kept = {kind: value for kind, value in values.items() if kind in OFFERED and value}
    session.add_all(
        ProfileAnswer(person_id=person_id, kind=kind, value=value, changed_at=now) for kind, value in kept.items()
    )
    session.flush()


def profile_of(session: Session, person_id: int | None) -> dict[str, Any]:
    """Return what somebody signed in keeps, by kind; nothing of whoever is not."""
    if person_id is None:
        return {}
    rows = session.scalars(select(ProfileAnswer).where(ProfileAnswer.person_id == person_id))
    return {row.kind: row.value for row in rows}


def filled_in(asked: Sequence[Asked], profile: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what a form begins with, by field: what is kept, where a question of its kind is asked."""
    return {f"q{one.id}": KINDS[one.kind].typed(profile[one.kind]) for one in asked if one.kind in profile}
