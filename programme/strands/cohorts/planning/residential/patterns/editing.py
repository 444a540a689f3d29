"""Verbs of patterns: change one, copy one, delete one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.core import audit
from programme.core.refusal import Refusal, refuse_if_changed
from programme.strands.cohorts.models import ResidentialPattern
from programme.strands.cohorts.planning.residential.patterns.founding import rows_of
from programme.strands.cohorts.planning.residential.patterns.queries import may_keep, parts_of, seen_of
from programme.strands.cohorts.planning.residential.template import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.planning.residential.template import PatternPart

PATTERN = "residential_pattern"
GONE = "This pattern is not there any more."
NOT_YOURS = "This pattern is not yours to change: copy it, and change the copy."
LAST = "One pattern has to stay: without one no residential can be planned. Change this one instead."
TAKEN = "There is a pattern of that title already. Choose another."


@dataclass(frozen=True, slots=True)
class PatternDetails:
    """A pattern as it is to be."""

    title: str
    hint: str
    parts: Sequence[PatternPart]


def edit(
    session: Session, pattern_id: int, details: PatternDetails, *, actor: Actor, now: datetime, seen: str
) -> ResidentialPattern:
    """Change a pattern; what was planned by it stays as it is. Refused where it is not what `seen` is the mark of."""
    row = locked(session, pattern_id, actor=actor)
    refuse_if_changed(seen, seen_of(row))
    refuse_taken(session, details.title, organisation_id=row.organisation_id, but=row.id)
    row.title, row.hint = details.title, details.hint
    row.parts.clear()
    session.flush()
    row.parts.extend(rows_of(in_order(details.parts)))
    row.revision += 1
    row.changed_at = now
    note(session, row, "pattern changed", actor=actor, now=now)
    return row


def copy(
    session: Session,
    pattern: ResidentialPattern,
    title: str,
    *,
    organisation_id: int | None,
    actor: Actor,
    now: datetime,
) -> ResidentialPattern:
    """Copy a pattern for an organisation, or for all."""
    if not may_keep(actor, organisation_id):
        raise Refusal("Choose for whom the copy is.", field="owner")
    refuse_taken(session, title, organisation_id=organisation_id)
    parts = rows_of(parts_of(pattern))
    row = ResidentialPattern(
        title=title, hint=pattern.hint, organisation_id=organisation_id, changed_at=now, parts=parts
    )
    session.add(row)
    session.flush()
    note(session, row, "pattern copied", actor=actor, now=now)
    return row


def delete(session: Session, pattern_id: int, *, actor: Actor, now: datetime) -> str:
    """Delete a pattern and return its title; what was planned by it stays. Refused of the last one of all."""
    row = locked(session, pattern_id, actor=actor)
    others = select(func.count()).where(ResidentialPattern.organisation_id.is_(None), ResidentialPattern.id != row.id)
    if row.organisation_id is None and not session.scalar(others):
        raise Refusal(LAST)
    note(session, row, "pattern deleted", actor=actor, now=now)
    session.delete(row)
    session.flush()
    return row.title


def locked(session: Session, pattern_id: int, *, actor: Actor) -> ResidentialPattern:
    """Lock the patterns, and return one as it is now to whoever may change it."""
    session.execute(select(ResidentialPattern.id).order_by(ResidentialPattern.id).with_for_update())
    row = session.get(ResidentialPattern, pattern_id, populate_existing=True)
    if row is None:
        raise Refusal(GONE)
    if not may_keep(actor, row.organisation_id):
        raise Refusal(NOT_YOURS)
    session.expire(row, ["parts"])
    return row


def refuse_taken(session: Session, title: str, *, organisation_id: int | None, but: int | None = None) -> None:
    """Refuse a title that another pattern of the same owner has."""
    same = select(ResidentialPattern.id).where(
        ResidentialPattern.title == title, ResidentialPattern.organisation_id.is_not_distinct_from(organisation_id)
    )
    if session.scalar(same.where(ResidentialPattern.id != (but or 0)).limit(1)) is not None:
        raise Refusal(TAKEN, field="title")


def note(session: Session, row: ResidentialPattern, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write into the trail what was done to a pattern."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(PATTERN, row.id),
        organisation_id=row.organisation_id,
        now=now,
        after={"title": row.title, "parts": len(row.parts)},
    )
