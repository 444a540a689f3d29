"""What an organiser does to an event with a button: publish it, make it a draft, its materials and its owners."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Meanwhile, Refusal
from programme.core.web.answers import button, done, form_again
from programme.engines.calendar.actions import events
from programme.engines.calendar.forms.series import MaterialForm, SharingForm
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import MaterialReach
from programme.extensions import database_session
from programme.flows import scheduling
from programme.people.guards import actor, needs
from programme.people.organisations.sharers import seen_of
from programme.people.permissions import Verb
from programme.screens.organiser.events.form import choices
from programme.screens.organiser.scopes import of_event

blueprint = Blueprint("organise_event_verbs", __name__, url_prefix="/organise/events/<id:event_id>")
MATERIAL = "organiser/events/material.html"
SHARING = "organiser/events/sharing.html"


def page_of(event_id: int, **rest: object) -> str:
    """Return the organisers' page of an event."""
    del rest
    return f"/organise/events/{event_id}"


@blueprint.post("/publication")
@needs(Verb.PUBLISH, of_event)
@button(page_of)
def publish(event_id: int) -> Any:
    """Publish a draft."""
    event = scheduling.publish(database_session(), event_id, actor=actor(), now=g.now)
    database_session().commit()
    return done(f"“{event.title}” is published.", page_of(event_id))


@blueprint.post("/withdrawal")
@needs(Verb.PUBLISH, of_event)
@button(page_of)
def withdraw(event_id: int) -> Any:
    """Make it a draft again."""
    event = scheduling.unpublish(database_session(), event_id, actor=actor(), now=g.now)
    database_session().commit()
    return done(f"“{event.title}” is a draft again. Calendars that showed it say that it is gone.", page_of(event_id))


@blueprint.get("/materials/new")
@needs(Verb.EDIT, of_event)
def new_material(event_id: int) -> Any:
    """Ask for something to read afterwards."""
    event = database_session().get_one(Event, event_id)
    return render_template(MATERIAL, form=MaterialForm(), event=event)


@blueprint.post("/materials")
@needs(Verb.EDIT, of_event)
def add_material(event_id: int) -> Any:
    """Put a material on the page."""
    session, form = database_session(), MaterialForm(request.form)
    event = session.get_one(Event, event_id)
    if not form.validate():
        return form_again(MATERIAL, form=form, event=event)
    try:
        reach = MaterialReach(form.reach.data)
        events.add_material(
            session, event_id, title=form.title.data, url=form.url.data, reach=reach, actor=actor(), now=g.now
        )
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(MATERIAL, form=form, event=event)
    session.commit()
    return done(f"“{form.title.data}” is on the page.", page_of(event_id))


@blueprint.post("/materials/<id:material_id>/removal")
@needs(Verb.EDIT, of_event)
@button(page_of)
def remove_material(event_id: int, material_id: int) -> Any:
    """Take a material off the page."""
    events.remove_material(database_session(), event_id, material_id, actor=actor(), now=g.now)
    database_session().commit()
    return done("It is off the page.", page_of(event_id))


@blueprint.get("/co-owners")
@needs(Verb.HAND_OVER, of_event)
def sharing(event_id: int) -> Any:
    """Ask which organisations share the event."""
    event = database_session().get_one(Event, event_id)
    form = SharingForm(data={"organisations": [row.id for row in event.co_owners]})
    form.organisations.choices = choices.organisations(database_session(), apart_from=event.lead_organisation_id)
    return render_template(SHARING, form=form, event=event, seen=seen_of(event.co_owners))


@blueprint.post("/co-owners")
@needs(Verb.HAND_OVER, of_event)
def share(event_id: int) -> Any:
    """Say which organisations share the event."""
    session, form = database_session(), SharingForm(request.form)
    event = session.get_one(Event, event_id)
    form.organisations.choices = choices.organisations(session, apart_from=event.lead_organisation_id)
    seen = request.form.get("seen", "")
    if not form.validate():
        return form_again(SHARING, form=form, event=event, seen=seen)
    try:
        events.share(session, event_id, form.organisations.data or [], actor=actor(), now=g.now, seen=seen)
    except Meanwhile as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(SHARING, form=form, event=event, seen=seen_of(event.co_owners))
    session.commit()
    return done("Who shares this event is saved.", page_of(event_id))
