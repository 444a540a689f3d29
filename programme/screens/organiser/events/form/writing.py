"""Making and editing an event: the long form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.forms.choices import id_or_none
from programme.engines.calendar.forms.plans import version_of
from programme.engines.calendar.forms.series import CopyForm
from programme.engines.calendar.models import Event
from programme.extensions import database_session
from programme.flows import scheduling
from programme.flows.copying import events as copying_events
from programme.flows.reaching import reach_of
from programme.flows.warning.finding import of_new
from programme.flows.warning.reading import planned
from programme.flows.warning.words import thoughts_of
from programme.people.guards import actor, needs, organisers
from programme.people.permissions import Verb
from programme.screens.organiser.events.form import choices
from programme.screens.organiser.scopes import of_event

if TYPE_CHECKING:
    from programme.engines.calendar.forms.events import EventForm

blueprint = Blueprint("organise_event_writing", __name__, url_prefix="/organise/events")
FORM = "organiser/events/form.html"
LOOK = "look"
"""The button that only looks for an event to choose: the form is shown again as it is, and nothing is saved."""


def address(event_id: int) -> str:
    """Return the organisers' page of an event."""
    return f"/organise/events/{event_id}"


@blueprint.get("/new")
@organisers
def new() -> Any:
    """Show an empty form; a whole or a series may be given in the address."""
    if not choices.leads(database_session(), actor()):
        abort(403)
    form = choices.event_form(database_session(), actor(), now=g.now, **prefilled())
    return render_template(FORM, form=form, event=None)


def prefilled() -> dict[str, Any]:
    """Read what the address gives; nonsense gives nothing."""
    texts = {name: request.args.get(name, "") for name in ("series", "part_of")}
    given = {name: id_or_none(text[:18]) for name, text in texts.items() if text.isascii() and text.isdecimal()}
    return {**given, "contact_name": actor().name, "contact_address": actor().address}


@blueprint.post("")
@organisers
def create() -> Any:
    """Make a draft."""
    session = database_session()
    form = choices.event_form(session, actor(), typed=request.form, now=g.now)
    if not form.lead.choices:
        abort(403)
    if LOOK in request.form:
        return looked(form, None)
    if not form.validate():
        return form_again(FORM, form=form, event=None)
    try:
        choices.check_rights(session, actor(), form, event=None)
        event = events.create(
            session, form.details(), plan=form.plan(), lead_id=form.lead.data, actor=actor(), now=g.now
        )
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, event=None)
    session.commit()
    return done(f"“{event.title}” is a draft now. Nobody else sees it until you publish it.", address(event.id))


@blueprint.get("/<id:event_id>/details")
@needs(Verb.EDIT, of_event)
def edit(event_id: int) -> Any:
    """Show the form as the event is."""
    session = database_session()
    event = session.get_one(Event, event_id)
    form = choices.event_form(session, actor(), event=event, now=g.now)
    reach = reach_of(session, event, actor=actor(), now=g.now)
    return render_template(FORM, form=form, event=event, reach=reach)


@blueprint.post("/<id:event_id>/details")
@needs(Verb.EDIT, of_event)
def save(event_id: int) -> Any:
    """Save the form."""
    session = database_session()
    event = session.get_one(Event, event_id)
    form = choices.event_form(session, actor(), typed=request.form, event=event, now=g.now)
    if LOOK in request.form:
        return looked(form, event)
    if not form.validate():
        return form_again(FORM, form=form, event=event)
    try:
        told = save_typed(event, form)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        form.version.data = str(session.get_one(Event, event_id).version)
        return form_again(FORM, form=form, event=event)
    session.commit()
    reached = f" {plural(told, 'person', 'people')} will get an e-mail with the new link." if told else ""
    return done(f"“{event.title}” is saved.{reached}", address(event.id))


def looked(form: EventForm, event: Event | None) -> Any:
    """Show the form as it is, with what is to think about where that is asked for; nothing is saved."""
    if request.form[LOOK] != "warnings":
        return render_template(FORM, form=form, event=event)
    if not form.validate():
        return form_again(FORM, form=form, event=event)
    session = database_session()
    plan = form.plan() if "starts" in form else plan_of(session.get_one(Event, event.id if event else 0))
    asked = planned(session, plan, form.details(), event_id=event.id if event else 0)
    found = thoughts_of(of_new(session, asked, actor=actor()))
    return render_template(FORM, form=form, event=event, thoughts=found, is_checked=True)


def save_typed(event: Event, form: EventForm) -> int:
    """Check the actor's rights over what was chosen, then save; return how many people are told."""
    session = database_session()
    choices.check_rights(session, actor(), form, event=event)
    plan = form.plan() if "starts" in form else None
    version = version_of(form)
    by = {"version": version, "actor": actor(), "now": g.now}
    _, told = scheduling.edit(session, event.id, form.details(), plan=plan, is_quiet=bool(form.is_quiet.data), **by)
    return told


@blueprint.get("/<id:event_id>/copies")
@needs(Verb.CREATE, of_event)
def copying(event_id: int) -> Any:
    """Ask when the copy starts."""
    event = database_session().get_one(Event, event_id)
    form = CopyForm(data={"starts": event.starts_at})
    return render_template("organiser/events/changes/copy.html", form=form, event=event)


@blueprint.post("/<id:event_id>/copies")
@needs(Verb.CREATE, of_event)
def copy(event_id: int) -> Any:
    """Make a draft like this event."""
    session, form = database_session(), CopyForm(request.form)
    event = session.get_one(Event, event_id)
    if not form.validate() or form.starts.data is None:
        return form_again("organiser/events/changes/copy.html", form=form, event=event)
    [draft], own = copying_events.copy(session, event_id, starts_at=form.starts.data, actor=actor(), now=g.now)
    session.commit()
    along = " Its own reminders came along." if own else ""
    return done(f"The copy is a draft: check its words and dates, then publish it.{along}", address(draft.id))
