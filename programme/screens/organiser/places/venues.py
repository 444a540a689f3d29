"""Venues: the list, and each place with what is known of the way in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import func, select

from programme.core.refusal import Meanwhile
from programme.core.tokens import mark_of
from programme.core.web.answers import done, form_again
from programme.engines.calendar.actions import venues as verbs
from programme.engines.calendar.forms.places import VenueForm, venue_data
from programme.engines.calendar.models import Event, Venue
from programme.engines.calendar.states import ACCESS_FACTS
from programme.extensions import database_session
from programme.people.guards import actor, needs, organisers
from programme.people.permissions import Verb, may
from programme.screens.organiser.scopes import of_all, of_venue

blueprint = Blueprint("organise_venues", __name__, url_prefix="/organise/venues")
HOME, FORM = "/organise/venues", "organiser/venues/form.html"


@blueprint.get("")
@organisers
def venues() -> Any:
    """List every place, with how much is known of the way in."""
    session = database_session()
    rows = session.scalars(select(Venue).order_by(Venue.site, Venue.name, Venue.id)).all()
    ahead = select(Event.venue_id, func.count()).where(Event.ends_at > g.now).group_by(Event.venue_id)
    counts = {row[0]: row[1] for row in session.execute(ahead)}
    return render_template(
        "organiser/venues/venues.html",
        venues=rows,
        ahead=counts,
        all_facts=len(ACCESS_FACTS),
        may_edit=may(actor(), Verb.EDIT, of_all(session)),
    )


@blueprint.get("/new")
@needs(Verb.EDIT, of_all)
def new() -> Any:
    """Ask for a place."""
    return render_template(FORM, form=VenueForm(), venue=None)


@blueprint.post("")
@needs(Verb.EDIT, of_all)
def add() -> Any:
    """Add a place."""
    session, form = database_session(), VenueForm(request.form)
    if not form.validate():
        return form_again(FORM, form=form, venue=None)
    row = verbs.add(session, form.details(), actor=actor(), now=g.now)
    session.commit()
    return done(f"“{row.name}” is added.", HOME)


@blueprint.get("/<id:venue_id>")
@needs(Verb.EDIT, of_venue)
def venue(venue_id: int) -> Any:
    """Show a place's form."""
    row = database_session().get_one(Venue, venue_id)
    return render_template(FORM, form=VenueForm(data=venue_data(row)), venue=row, seen=mark_of(venue_data(row)))


@blueprint.post("/<id:venue_id>")
@needs(Verb.EDIT, of_venue)
def save(venue_id: int) -> Any:
    """Save a place."""
    session, form = database_session(), VenueForm(request.form)
    row = session.get_one(Venue, venue_id)
    seen = request.form.get("seen", "")
    if not form.validate():
        return form_again(FORM, form=form, venue=row, seen=seen)
    session.refresh(row, with_for_update=True)
    if seen and seen != mark_of(venue_data(row)):
        form.refuse(Meanwhile())
        return form_again(FORM, form=form, venue=row, seen=mark_of(venue_data(row)))
    verbs.edit(session, row, form.details(), actor=actor(), now=g.now)
    session.commit()
    return done(f"“{row.name}” is saved.", HOME)
