"""Named reads of calls, for what's on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select, union

from programme.engines.registration.models import Opening, OpeningCoOwner, OpeningEvent
from programme.engines.registration.openings.calls.sight import shown_to
from programme.engines.registration.states import Eligibility, OpeningState
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.people.states import End, Strand

MOST_CALLS = 20
FOR_MANY = (Eligibility.ANYONE, Eligibility.MEMBERS)


class Call(NamedTuple):
    """An opening that belongs to no event, as public pages name it; `homes` are those who run it, with their ends."""

    id: int
    title: str
    strand: Strand
    opens_at: datetime | None
    closes_at: datetime | None
    homes: tuple[tuple[str, End | None], ...]


def calls(session: Session, *, actor: Actor, now: datetime, strand: Strand | None = None) -> list[Call]:
    """Return the calls that `actor` may see, and the public or a university's members may answer, or may soon.

    The first to close comes first. What is for a group, a list or the invited is nobody else's business.
    """
    found = (
        select(Opening.id, Opening.title, Opening.strand, Opening.opens_at, Opening.closes_at)
        .where(Opening.state == OpeningState.OPEN, Opening.eligibility.in_(FOR_MANY), shown_to(actor))
        .where(or_(Opening.closes_at.is_(None), Opening.closes_at > now))
        .where(~select(OpeningEvent.event_id).where(OpeningEvent.opening_id == Opening.id).exists())
        .order_by(Opening.closes_at.asc().nulls_last(), Opening.id)
        .limit(MOST_CALLS)
    )
    if strand is not None:
        found = found.where(Opening.strand == strand)
    rows = session.execute(found).all()
    homes = homes_of(session, [row.id for row in rows])
    return [Call(*row, homes[row.id]) for row in rows]


def homes_of(session: Session, ids: Sequence[int]) -> dict[int, tuple[tuple[str, End | None], ...]]:
    """Return who runs some openings, the lead and those that share them, in the order of organisations."""
    found: dict[int, tuple[tuple[str, End | None], ...]] = dict.fromkeys(ids, ())
    leads = select(Opening.id, Opening.lead_organisation_id).where(Opening.id.in_(ids))
    shared = select(OpeningCoOwner.opening_id, OpeningCoOwner.organisation_id).where(OpeningCoOwner.opening_id.in_(ids))
    run = union(leads, shared).subquery()
    named = (
        select(run.c.id, Organisation.short_name, Organisation.end)
        .join(Organisation, Organisation.id == run.c.lead_organisation_id)
        .order_by(Organisation.position, Organisation.id)
    )
    for opening_id, name, end in session.execute(named) if ids else ():
        found[opening_id] = (*found[opening_id], (name, end))
    return found
