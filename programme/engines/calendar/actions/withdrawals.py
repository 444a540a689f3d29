"""What calendars are told of an event that is no longer theirs to see: kept when it vanishes, ended when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.calendar.models import WithdrawnEvent
from programme.engines.calendar.sight import is_announced, is_listed, sight_of
from programme.engines.calendar.states import Visibility
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event


def held_of(event: Event) -> WithdrawnEvent | None:
    """Return what calendars hold of an event before a change: nothing where it is not announced."""
    sight = sight_of(event)
    if not is_announced(sight):
        return None
    return WithdrawnEvent(
        event_id=event.id,
        was_public=is_listed(sight, NOBODY),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        all_day=event.all_day,
        told=told(event),
    )


def settle(session: Session, event: Event, held: WithdrawnEvent | None, *, now: datetime) -> None:
    """After a change: keep what calendars `held` where the event vanished for them; end that where it is back.

    The SEQUENCE rises when it vanishes, and stays above what was told when it comes back.
    """
    known = session.get(WithdrawnEvent, event.id)
    if known is not None and is_shown(event, public=known.was_public):
        event.sequence = max(event.sequence, known.sequence + 1)
        session.delete(known)
    elif held is not None and not is_shown(event, public=held.was_public):
        event.sequence += 1
        if known is None:
            held.sequence, held.withdrawn_at = event.sequence, now
            session.add(held)


def is_shown(event: Event, *, public: bool) -> bool:
    """Whether the event is announced; `public` asks whether to everybody."""
    sight = sight_of(event)
    return is_listed(sight, NOBODY) if public else is_announced(sight)


def told(event: Event) -> dict[str, Any]:
    """Return what the filters of feeds ask of an event, as it was announced."""
    return {
        "strand": event.strand.value,
        "audience": event.audience.value,
        "focus": list(event.focus_areas),
        "site": event.venue.site if event.venue else "",
        "is_online": event.is_online,
        "universities": [row.slug for row in (event.lead_organisation, *event.co_owners)],
        "series": event.series_id,
        "words": words_of(event),
    }


def words_of(event: Event) -> str:
    """Return what a search looks into, one thing a line; no speaker, as nobody's name is kept a second time."""
    series = event.series.title if event.series and event.series.visibility is Visibility.PUBLIC else ""
    lines = [
        event.title if event.title_is_known else "",
        event.summary,
        event.description,
        event.room,
        event.venue.name if event.venue else "",
        series,
    ]
    return "\n".join(filter(None, lines)).lower()
