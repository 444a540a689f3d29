"""Who helps at the door of one event, and what the door allows: for its organisers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.engines.registration.door.actions import settle
from programme.engines.registration.door.forms import DoorForm, HelpingForm
from programme.engines.registration.door.queries import takes_walk_ins
from programme.extensions import database_session
from programme.flows.door.helping import KEPT, ask_to_help, helpers_of, take_back, to_be_given
from programme.flows.granting.giving import Holder
from programme.people.guards import actor, needs
from programme.people.models import Organisation
from programme.people.permissions import Verb, may_grant
from programme.people.roles import as_grant
from programme.screens.door.beside import out_of_reach
from programme.screens.roll.heading import framed, title_of
from programme.screens.roll.scopes import of_door, opening_here

if TYPE_CHECKING:
    from programme.engines.calendar.models import Event

blueprint = Blueprint("door_helpers", __name__, url_prefix="/organise/openings/<id:opening_id>/door/<id:event_id>")
PAGE = "roll/door/helping.html"


def here(opening_id: int, event_id: int, **rest: object) -> str:
    """Return the address of the page."""
    del rest
    return f"/organise/openings/{opening_id}/door/{event_id}/helpers"


@blueprint.get("/helpers")
@needs(Verb.EDIT, of_door)
def helpers(opening_id: int, event_id: int) -> Any:
    """Show who helps, with the form for one more."""
    return render_template(PAGE, **shown(opening_id, event_id, HelpingForm()))


def shown(opening_id: int, event_id: int, form: HelpingForm) -> dict[str, Any]:
    """Return what the page shows."""
    session, opening, event = database_session(), opening_here(opening_id), event_here(opening_id, event_id)
    wanted, helping = to_be_given(opening, event, actor=actor()), helpers_of(session, opening, event)
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "door_form": DoorForm(data={"takes_walk_ins": takes_walk_ins(session, opening_id)}),
        "event": event,
        "event_title": title_of(event),
        "door": f"/organise/openings/{opening_id}/door/{event_id}",
        "helpers": helping,
        "own": {grant.id for grant, _ in helping if may_grant(actor(), as_grant(grant))},
        "asks_for": session.get_one(Organisation, wanted.organisation),
        "others": out_of_reach(event_id, wanted),
        "days": KEPT.days,
    }


def event_here(opening_id: int, event_id: int) -> Event:
    """Return the event of the address; its guard has seen that the opening admits to it."""
    return next(event for event in opening_here(opening_id).events if event.id == event_id)


@blueprint.post("/helpers")
@needs(Verb.EDIT, of_door)
def add(opening_id: int, event_id: int) -> Any:
    """Let somebody help, and tell them."""
    session, opening, form = database_session(), opening_here(opening_id), HelpingForm(request.form)
    if not form.validate():
        return form_again(PAGE, **shown(opening_id, event_id, form))
    event, holder = event_here(opening_id, event_id), Holder(form.address.data, form.name.data)
    try:
        person, is_new = ask_to_help(session, opening, event, holder, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(opening_id, event_id, form))
    session.commit()
    said = "is asked by e-mail, with the way in" if is_new else "helps here already"
    return done(f"{person.name or person.address} {said}.", here(opening_id, event_id))


@blueprint.post("/helpers/<id:grant_id>/revocation")
@needs(Verb.EDIT, of_door)
@button(here)
def remove(opening_id: int, event_id: int, grant_id: int) -> Any:
    """Let somebody help no more."""
    session, opening, event = database_session(), opening_here(opening_id), event_here(opening_id, event_id)
    person = take_back(session, opening, event, grant_id, actor=actor(), now=g.now)
    session.commit()
    return done(f"{person.name or person.address} does not help here any more.", here(opening_id, event_id))


@blueprint.post("/settings")
@needs(Verb.EDIT, of_door)
def save(opening_id: int, event_id: int) -> Any:
    """Say what the door allows."""
    session, form = database_session(), DoorForm(request.form)
    opening, allowed = opening_here(opening_id), bool(form.takes_walk_ins.data)
    settle(session, opening_id, takes_walk_ins=allowed)
    note(session, opening, "settled the door", actor=actor(), now=g.now, after={"walk-ins": allowed})
    session.commit()
    said = "People without a place may be let in." if allowed else "Only people with a place are let in."
    return done(said, here(opening_id, event_id))
