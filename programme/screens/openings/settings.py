"""Opening registration, changing what it says, and saying that it is open or closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again, seen_again
from programme.core.web.words import plural
from programme.engines.registration.openings import actions
from programme.engines.registration.openings.forms import OpeningForm, SharingForm, opening_data
from programme.engines.registration.states import HOLDING
from programme.extensions import database_session
from programme.flows.reminding import open_registration
from programme.flows.roll.opening import edit_opening
from programme.people import queries as people
from programme.people.guards import actor, needs, organisers
from programme.people.models import Strand
from programme.people.organisations.sharers import seen_of
from programme.people.permissions import Verb, may_create_for
from programme.screens.openings.choices import data_from, events_open, offered
from programme.screens.roll.asking import ids_in
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from programme.engines.registration.models import Opening

blueprint = Blueprint("opening_settings", __name__, url_prefix="/organise/openings")
LOOK = "look"
"""The button that looks for another event, and saves nothing."""
NEW = "roll/openings/new.html"
EDIT = "roll/openings/edit.html"
SHARING = "roll/openings/sharing.html"
NOT_YOURS = "You do not organise for this organisation in this strand."


def home(opening_id: int) -> str:
    """Return the address of an opening's roll."""
    return f"/organise/openings/{opening_id}"


@blueprint.get("/new")
@organisers
def new() -> Any:
    """Show the form for a new opening, filled in from its events."""
    chosen = ids_in(request.args.getlist("event"))
    form = offered(OpeningForm(data=data_from(events_open(chosen))), chosen)
    return render_template(NEW, form=form, section="registrations")


@blueprint.post("")
@organisers
def create() -> Any:
    """Make a draft."""
    session, form = database_session(), OpeningForm(request.form)
    offered(form, ids_in(request.form.getlist("events")))
    if LOOK in request.form:
        return render_template(NEW, form=form, section="registrations")
    if not form.validate():
        return form_again(NEW, form=form, section="registrations")
    try:
        lead, strand = lead_chosen(form)
        made = actions.create(session, form.details(), lead_id=lead, strand=strand, actor=actor(), now=g.now)
    except Refusal as refusal:
        return refused_form(NEW, form, refusal, section="registrations")
    session.commit()
    return done("Saved as a draft. Add questions if you need any, then open registration.", home(made.id))


def lead_chosen(form: OpeningForm) -> tuple[int, Strand]:
    """Return who leads and in which strand; Refusal where that is not the acting person's."""
    lead, strand = form.lead.data, Strand(form.strand.data)
    if not lead or not may_create_for(actor(), lead, strand):
        raise Refusal(NOT_YOURS, field="lead")
    return lead, strand


def refused_form(template: str, form: OpeningForm, refusal: Refusal, **variables: Any) -> Any:
    """Show the form again with a rule's no at its field."""
    database_session().rollback()
    field = form.fields_by_detail.get(refusal.field or "", refusal.field)
    form.refuse(Refusal(refusal.sentence, field=field))
    return form_again(template, form=form, **variables)


@blueprint.get("/<id:opening_id>/edit")
@needs(Verb.EDIT, of_opening)
def edit(opening_id: int) -> Any:
    """Show an opening as a form."""
    opening = opening_here(opening_id)
    form, frame = edit_form(opening), framed(database_session(), opening, now=g.now)
    return render_template(EDIT, form=form, seen=actions.seen_of(opening), **frame)


@blueprint.post("/<id:opening_id>/edit")
@needs(Verb.EDIT, of_opening)
def change(opening_id: int) -> Any:
    """Change an opening; those who move up by it are told."""
    session, opening = database_session(), opening_here(opening_id)
    form = edit_form(opening, request.form)
    frame, seen = framed(session, opening, now=g.now), request.form.get("seen", "")
    if LOOK in request.form:
        return render_template(EDIT, form=form, seen=seen, **frame)
    if not form.validate():
        return form_again(EDIT, form=form, seen=seen, **frame)
    try:
        edited = edit_opening(session, opening_id, form.details(), actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        return refused_edit(opening_id, form, refusal)
    session.commit()
    moved = sum(row.state in HOLDING for row in edited.promoted)
    told = f" {plural(moved, 'person', 'people')} moved up and {'is' if moved == 1 else 'are'} told." if moved else ""
    return done(f"Saved.{told}", home(opening_id))


def refused_edit(opening_id: int, form: OpeningForm, refusal: Refusal) -> Any:
    """Show the form again; where somebody else changed the opening meanwhile, it may be sent once more as it is."""
    session = database_session()
    session.rollback()
    opening = opening_here(opening_id)
    seen = seen_again(refusal, request.form.get("seen", ""), now=actions.seen_of(opening))
    return refused_form(EDIT, form, refusal, seen=seen, **framed(session, opening, now=g.now))


def edit_form(opening: Opening, typed: Any = None) -> OpeningForm:
    """Return the form of an opening: who leads it and its strand stay."""
    form = OpeningForm(typed, data=opening_data(opening))
    del form.lead, form.strand
    ticked = ids_in(request.form.getlist("events"))
    return offered(form, [*(event.id for event in opening.events), *ticked])


@blueprint.post("/<id:opening_id>/publication")
@needs(Verb.PUBLISH, of_opening)
@button(home)
def publication(opening_id: int) -> Any:
    """Open registration, or open it again."""
    opening = open_registration(database_session(), opening_id, actor=actor(), now=g.now)
    database_session().commit()
    return done(f"Registration for “{opening.title}” is open.", home(opening_id))


@blueprint.post("/<id:opening_id>/closure")
@needs(Verb.PUBLISH, of_opening)
@button(home)
def closure(opening_id: int) -> Any:
    """Close registration."""
    opening = actions.close(database_session(), opening_id, actor=actor(), now=g.now)
    database_session().commit()
    return done(f"Registration for “{opening.title}” is closed. Those who have a place keep it.", home(opening_id))


@blueprint.get("/<id:opening_id>/co-owners")
@needs(Verb.HAND_OVER, of_opening)
def sharing(opening_id: int) -> Any:
    """Show who shares an opening."""
    opening = opening_here(opening_id)
    form = sharing_form(opening, data={"co_owners": [row.id for row in opening.co_owners]})
    frame = framed(database_session(), opening, now=g.now)
    return render_template(SHARING, form=form, seen=seen_of(opening.co_owners), **frame)


@blueprint.post("/<id:opening_id>/co-owners")
@needs(Verb.HAND_OVER, of_opening)
def share(opening_id: int) -> Any:
    """Say who shares an opening."""
    session, opening = database_session(), opening_here(opening_id)
    form, seen = sharing_form(opening, request.form), request.form.get("seen", "")
    if not form.validate():
        return form_again(SHARING, form=form, seen=seen, **framed(session, opening, now=g.now))
    try:
        actions.share(session, opening_id, form.co_owners.data or (), actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        opening = opening_here(opening_id)
        seen = seen_again(refusal, seen, now=seen_of(opening.co_owners))
        return form_again(SHARING, form=form, seen=seen, **framed(session, opening, now=g.now))
    session.commit()
    return done("Saved who shares it.", home(opening_id))


def sharing_form(opening: Opening, typed: Any = None, data: Any = None) -> SharingForm:
    """Return the form with every organisation but the lead."""
    form = SharingForm(typed, data=data)
    known = people.organisations(database_session())
    form.co_owners.choices = [SelectChoice(row.id, row.name) for row in known if row.id != opening.lead_organisation_id]
    return form
