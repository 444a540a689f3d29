"""What an event is worth as training: its organisers say so on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.web.answers import button, done, form_again
from programme.engines.calendar import sight
from programme.engines.calendar.models import Event
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.people.states import Strand
from programme.strands.cohorts.models import EventTraining
from programme.strands.cohorts.training.events.actions import Worth, set_worth, take_worth_off
from programme.strands.cohorts.training.frameworks.queries import framework_now
from programme.strands.cohorts.training.worth import WorthForm, worth_data

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.permissions import Scope

blueprint = Blueprint("event_training", __name__, url_prefix="/organise/events/<id:event_id>/training")
PAGE = "cohorts/training/event.html"


def of_cohorts_event(session: Session, event_id: int, **rest: object) -> Scope | None:
    """Return the scope of an event of the doctoral cohorts."""
    del rest
    event = session.get(Event, event_id)
    return sight.event_scope(event) if event and event.strand is Strand.COHORTS else None


def home(event_id: int, **rest: object) -> str:
    """Return the address of the page."""
    del rest
    return f"/organise/events/{event_id}/training"


def of_event(event_id: int, **rest: object) -> str:
    """Return the address of the event, where one is told that there is no framework yet."""
    del rest
    return f"/organise/events/{event_id}"


def form_of(event_id: int, typed: Any = None) -> WorthForm:
    """Return the form; what is kept in it, where nothing was typed."""
    session = database_session()
    kept = session.get(EventTraining, event_id)
    return WorthForm(typed, framework=framework_now(session), data=worth_data(kept) if kept else None)


def shown(event_id: int, form: WorthForm) -> dict[str, Any]:
    """Return what the page shows."""
    session = database_session()
    event = session.get(Event, event_id) or abort(404)
    return {"event": event, "kept": session.get(EventTraining, event_id), "form": form}


@blueprint.get("")
@needs(Verb.EDIT, of_cohorts_event)
@button(of_event)
def page(event_id: int) -> Any:
    """Show what the event is worth, and ask for it."""
    return render_template(PAGE, **shown(event_id, form_of(event_id)))


@blueprint.post("")
@needs(Verb.EDIT, of_cohorts_event)
@button(home)
def say(event_id: int) -> Any:
    """Say what the event is worth."""
    session, form = database_session(), form_of(event_id, request.form)
    if not form.validate():
        return form_again(PAGE, **shown(event_id, form))
    set_worth(session, event_id, Worth(**form.worth), actor=actor(), now=g.now)
    session.commit()
    return done("Saved. Whoever is marked as present finds it in their training record.", home(event_id))


@blueprint.post("/removal")
@needs(Verb.EDIT, of_cohorts_event)
@button(home)
def take_off(event_id: int) -> Any:
    """Let the event be no training."""
    session = database_session()
    take_worth_off(session, event_id, actor=actor(), now=g.now)
    session.commit()
    return done("It counts as no training now. What was handed in of it stays.", home(event_id))
