"""Which patterns there are for whom, and their parts as the rules of a week read them."""

from __future__ import annotations

from dataclasses import fields
from datetime import time
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.tokens import mark_of
from programme.people.models import Organisation
from programme.people.permissions import may_create_for
from programme.people.states import Strand
from programme.strands.cohorts.models import ResidentialPart, ResidentialPattern
from programme.strands.cohorts.planning.residential.template import PatternPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

MOST_PATTERNS = 200
AN_HOUR = 60
LOADED = (
    joinedload(ResidentialPattern.organisation),
    selectinload(ResidentialPattern.parts).joinedload(ResidentialPart.venue),
)


def patterns_for(session: Session, actor: Actor) -> Sequence[ResidentialPattern]:
    """Return the patterns that somebody sees: those of all first, then those of their organisations, by title."""
    whose = ResidentialPattern.organisation_id
    seen = or_(whose.is_(None), whose.in_(ours(actor)))
    shown = select(ResidentialPattern) if actor.is_administrator else select(ResidentialPattern).where(seen)
    order = (whose.is_not(None), ResidentialPattern.title, ResidentialPattern.id)
    return session.scalars(shown.options(*LOADED).order_by(*order).limit(MOST_PATTERNS)).all()


def pattern_for(session: Session, pattern_id: int, actor: Actor) -> ResidentialPattern | None:
    """Return a pattern with its parts, to whoever sees it."""
    row = session.get(ResidentialPattern, pattern_id, options=LOADED)
    if row is None or not (row.organisation_id in {None, *ours(actor)} or actor.is_administrator):
        return None
    return row


def ours(actor: Actor) -> frozenset[int]:
    """Return the organisations for which somebody organises cohorts."""
    return frozenset(one for one in actor.organises_for if may_create_for(actor, one, Strand.COHORTS))


def owners_for(session: Session, actor: Actor) -> list[Organisation]:
    """Return the organisations for which somebody may keep a pattern of their own."""
    rows = select(Organisation).where(Organisation.id.in_(ours(actor)))
    return list(session.scalars(rows.order_by(Organisation.position, Organisation.id)))


def may_keep(actor: Actor, organisation_id: int | None) -> bool:
    """Whether somebody may change a pattern of an organisation, or one of all."""
    return actor.is_administrator if organisation_id is None else organisation_id in ours(actor)


def parts_of(pattern: ResidentialPattern) -> list[PatternPart]:
    """Return the parts of a pattern as values."""
    names = [one.name for one in fields(PatternPart) if one.name != "begins"]
    return [
        PatternPart(begins=time(*divmod(row.begins, AN_HOUR)), **{name: getattr(row, name) for name in names})
        for row in pattern.parts
    ]


def seen_of(pattern: ResidentialPattern) -> str:
    """Return a mark of everything that the form of a pattern shows."""
    return mark_of((pattern.title, pattern.hint, [repr(one) for one in parts_of(pattern)]))
