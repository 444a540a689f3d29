"""What a newcomer chose, held against the rule: refused where it is none, or full, with what is still free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.registration.choosing.queries import terms_of
from programme.engines.registration.choosing.rule import full, reason_against, refusal_of
from programme.engines.registration.places import smallest
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import PlacesBy

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Opening

EVENTS = "events"
"""The field of the form that a refusal belongs to."""


def chairs_for_choice(session: Session, opening: Opening, choice: Collection[int], *, heads: int = 1) -> int | None:
    """Return how many chairs are left at every chosen event; Refusal where one of them is full.

    Nobody waits for an event that is full: they are told what is free, and may look again. Where the organisers decide
    nothing is full yet.
    """
    refuse_no_choice(opening, choice)
    rooms = chairs_by_event(session, opening.events)
    gone, terms = full(rooms, sorted(choice), heads=heads), terms_of(opening)
    if gone and terms is not None and opening.places_by is not PlacesBy.DECISION:
        raise Refusal(refusal_of(terms, rooms, gone, heads=heads), field=EVENTS)
    return smallest([rooms.get(event) for event in choice])


def refuse_no_choice(opening: Opening, choice: Collection[int]) -> None:
    """Refuse what is no choice of an opening that asks for one."""
    terms = terms_of(opening)
    against = reason_against(terms, choice) if terms is not None else None
    if against is not None:
        raise Refusal(against, field=EVENTS)


def events_for(opening: Opening, choice: Collection[int]) -> Sequence[Event]:
    """Return the events at which a registration has chairs: those chosen, or all."""
    return opening.events if opening.chooses is None else [event for event in opening.events if event.id in choice]
