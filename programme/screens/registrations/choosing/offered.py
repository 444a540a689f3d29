"""The events that a form offers to choose among, each with its date and the places it has left in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.web.words import date_span, plural, time_range
from programme.engines.calendar.naming import shown_title
from programme.engines.registration.choosing.queries import terms_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Opening


def offer(field: Any, opening: Opening, rooms: Mapping[int, int], *, kept: Collection[int] = ()) -> None:
    """Fill in what a field offers; `kept` are events that somebody has a chair at, which are full for others alone."""
    terms = terms_of(opening)
    field.flags.required = True
    field.label.text = "Which will you come to?"
    field.description = terms.asks if terms is not None else ""
    field.choices = [
        SelectChoice(
            event.id,
            shown_title(event.title, is_known=event.title_is_known),
            {"hint": told(event, rooms.get(event.id), is_kept=event.id in kept), "full": is_full(event, rooms, kept)},
        )
        for event in opening.events
    ]


def is_full(event: Event, rooms: Mapping[int, int], kept: Collection[int]) -> bool:
    """Whether somebody cannot choose an event any more."""
    return event.id not in kept and rooms.get(event.id, 1) <= 0


def told(event: Event, left: int | None, *, is_kept: bool = False) -> str:
    """Say when an event is, and how many places it has left."""
    when = date_span(event.starts_at, event.ends_at) if event.date_is_known else "Date to be announced"
    if event.date_is_known and not event.all_day:
        when = f"{when}, {time_range(event.starts_at, event.ends_at)}"
    if is_kept:
        return f"{when}. You come."
    return f"{when}. {plural(max(0, left), 'place')} left." if left is not None else f"{when}."


def choice_in(field: Any) -> frozenset[int]:
    """Return the events that were chosen, in a field of one or of several."""
    data = field.data
    return frozenset(data if isinstance(data, list) else [data] if isinstance(data, int) else [])
