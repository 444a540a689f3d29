"""What else admits to the event of a door: to be let in there, too, or by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.openings.rights import event_scope
from programme.engines.registration.states import OpeningState
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.permissions import Verb, helps_with, may
from programme.screens.organiser.events.queries import openings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.registration.models import Opening
    from programme.people.permissions import Grant


def doors_at(event_id: int) -> Sequence[Opening]:
    """Return the openings to whose people at an event the acting person may open the door."""
    return [one for one in openings_of(database_session(), event_id) if is_door_open(one, event_id)]


def is_door_open(opening: Opening, event_id: int) -> bool:
    """Whether the acting person may see who has a place at an event of an opening."""
    scope = event_scope(opening, event_id)
    return scope is not None and may(actor(), Verb.SEE_NAMES, scope)


def out_of_reach(event_id: int, wanted: Grant) -> Sequence[Opening]:
    """Return the openings of an event, apart from drafts, whose people whoever is given a role does not see by it."""
    known = [one for one in openings_of(database_session(), event_id) if one.state is not OpeningState.DRAFT]
    return [one for one in known if (scope := event_scope(one, event_id)) and not helps_with(wanted, scope)]
