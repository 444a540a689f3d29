"""Who would hear of a change of an event: reckoned as the press reckons it, while nothing is withdrawn or written."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from programme.engines.registration.models import OpeningEvent, Registration, Seat
from programme.flows.notices.events import has_taken, known_unsent, lies_ahead, news_of
from programme.flows.scheduling import reached_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Change, Told


class Attender(NamedTuple):
    """Somebody who has to do with an event: whether they have taken a place, and what they know where they lag."""

    person_id: int
    has_taken: bool
    known: Told | None


def attenders_of(session: Session, event_ids: Collection[int]) -> dict[int, list[Attender]]:
    """Return who has a place at each event or waits for one, each once; the number of statements does not grow."""
    columns = (OpeningEvent.event_id, Registration.person_id, Registration.state, Seat.state)
    known = known_unsent(session, event_ids)
    found: defaultdict[int, dict[int, Attender]] = defaultdict(dict)
    for event_id, person_id, state, chair in session.execute(reached_at(event_ids).with_only_columns(*columns)):
        person = person_id or 0
        before = known.get(event_id, {}).get(person)
        found[event_id].setdefault(person, Attender(person, has_taken(state, chair), before))
    return {event_id: list(people.values()) for event_id, people in found.items()}


def hearing(people: Iterable[Attender], change: Change, *, now: datetime) -> frozenset[int]:
    """Return who would get a letter about a change: to whom anything is another than they know."""
    if not change.is_one or not lies_ahead(change, now):
        return frozenset()
    return frozenset(
        one.person_id
        for one in people
        if news_of(one.known or change.before, change.after, is_admitted=one.has_taken) is not None
    )
