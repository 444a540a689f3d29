"""What is told of events beside their line in a list: for other programs, all of a page in two queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from programme.engines.calendar.models import Event, EventCoOwner
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


class Told(NamedTuple):
    """What an event is about, and who runs it: (slug, name), the lead first."""

    summary: str
    focus_areas: tuple[str, ...]
    run_by: tuple[tuple[str, str], ...]


def told_of(session: Session, ids: Collection[int]) -> dict[int, Told]:
    """Return it by the event's id."""
    lead = (
        select(Event.id, Event.summary, Event.focus_areas, Organisation.slug, Organisation.name)
        .join(Organisation, Organisation.id == Event.lead_organisation_id)
        .where(Event.id.in_(ids))
    )
    shared = (
        select(EventCoOwner.event_id, Organisation.slug, Organisation.name)
        .join(Organisation, Organisation.id == EventCoOwner.organisation_id)
        .where(EventCoOwner.event_id.in_(ids))
        .order_by(Organisation.position)
    )
    sharers: dict[int, list[tuple[str, str]]] = {}
    for event_id, slug, name in session.execute(shared):
        sharers.setdefault(event_id, []).append((slug, name))
    return {
        event_id: Told(summary, tuple(focus), ((slug, name), *sharers.get(event_id, [])))
        for event_id, summary, focus, slug, name in session.execute(lead)
    }
