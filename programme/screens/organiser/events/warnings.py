"""Putting aside what there was to think about of an event."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.engines.calendar.actions.putting_aside import put_aside
from programme.engines.calendar.models import Event
from programme.extensions import database_session
from programme.flows.warning.finding import of_events
from programme.flows.warning.words import thought_of
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.scopes import of_event

blueprint = Blueprint("organise_event_warnings", __name__, url_prefix="/organise/events/<id:event_id>")


def page_of(event_id: int, **rest: object) -> str:
    """Return the organisers' page of an event."""
    del rest
    return f"/organise/events/{event_id}"


@blueprint.post("/warnings")
@needs(Verb.EDIT, of_event)
@button(page_of)
def aside(event_id: int) -> Any:
    """Tell of one warning no more; of one that is not there any more there is nothing to put aside."""
    session, mark = database_session(), request.form.get("mark", "")
    event = session.get_one(Event, event_id, options=[joinedload(Event.venue)])
    found = of_events(session, [event], actor=actor(), now=g.now, counts_people=True).get(event_id, [])
    warned = next((one for one in found if one.mark == mark), None)
    if warned is None:
        raise Refusal("That is not to be thought about any more.")
    words = thought_of(warned).sentence if warned.other is None or warned.other.is_seen else ""
    put_aside(session, event_id, mark, words=words, actor=actor(), now=g.now)
    session.commit()
    return done("You will not be warned of it again, unless something changes.", page_of(event_id))
