"""What doctoral cohorts start with, in a new installation and in one that is older than they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import plural
from programme.people.models import Installation
from programme.strands.cohorts.planning.residential.patterns.founding import found_pattern
from programme.strands.cohorts.rulebooks.founding import found_rulebooks
from programme.strands.cohorts.training.frameworks.loading import FIRST, found_framework

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session


def found_doctoral(session: Session, *, now: datetime) -> list[str]:
    """Add what lacks of rulebooks, frameworks and patterns, and return what was added, in words.

    Nothing of what there is changes, and a database that nobody has founded yet stays empty.
    """
    if session.scalar(select(Installation.id).limit(1)) is None:
        return []
    return list(added(session, now=now))


def added(session: Session, *, now: datetime) -> Iterator[str]:
    """Add what lacks, and say it."""
    rulebooks = found_rulebooks(session, now=now)
    if rulebooks:
        yield plural(rulebooks, "rulebook")
    if found_framework(session, now=now):
        yield f"the framework “{FIRST}”"
    if found_pattern(session, now=now):
        yield "the pattern of a residential"
