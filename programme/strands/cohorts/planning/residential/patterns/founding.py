"""Gives a new installation the pattern that it starts with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.strands.cohorts.models import ResidentialPart, ResidentialPattern
from programme.strands.cohorts.planning.residential.patterns.defaults import HINT, JOINT_WEEK, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.planning.residential.template import PatternPart

FOUNDED_PATTERNS = (ResidentialPattern, ResidentialPart)
"""Whose rows a new installation has before anybody used it."""


def found_pattern(session: Session, *, now: datetime) -> bool:
    """Add the pattern that an installation starts with; false where there is one."""
    if session.scalar(select(ResidentialPattern.id).limit(1)):
        return False
    session.add(ResidentialPattern(title=TITLE, hint=HINT, changed_at=now, parts=rows_of(JOINT_WEEK)))
    session.flush()
    return True


def rows_of(parts: Iterable[PatternPart]) -> list[ResidentialPart]:
    """Return the rows of parts, in this order."""
    return [
        ResidentialPart(position=place, **{**asdict(one), "begins": one.begins.hour * 60 + one.begins.minute})
        for place, one in enumerate(parts)
    ]
