"""The organisers' list of series, one series with its events, making, editing and sharing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Meanwhile, Refusal
from programme.core.tokens import mark_of
from programme.core.web.answers import done, form_again
from programme.core.web.lists import page_number, page_of
from programme.engines.calendar import sight
from programme.engines.calendar.actions import series as verbs
from programme.engines.calendar.forms.series import SeriesForm, SharingForm, series_data
from programme.engines.calendar.models import Series
from programme.extensions import database_session
from programme.people.guards import actor, needs, organisers
from programme.people.organisations.sharers import seen_of
from programme.people.permissions import Verb, may, may_create_for
from programme.people.states import Strand
from programme.screens.organiser.events.form import choices
from programme.screens.organiser.events.queries import LONGEST_SEARCH, places_taken
from programme.screens.organiser.events.reading import row_of
from programme.screens.organiser.scopes import of_series
from programme.screens.organiser.series import queries
from programme.screens.organiser.trail.lines import history

blueprint = Blueprint("organise_series", __name__, url_prefix="/organise/series")
FORM = "organiser/series/form.html"
SHARING = "organiser/series/sharing.html"


def address(series_id: int) -> str:
    """Return the organisers' page of a series."""
    return f"/organise/series/{series_id}"


@blueprint.get("")
@organisers
def all_series() -> Any:
    """List the actor's series."""
    session, words = database_session(), " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]
    page = page_of(session, queries.listed(actor(), words), number=page_number(request.args.get("page")))
    return render_template(
        "organiser/series/all.html",
        page=page,
        words=words,
        runs=queries.runs(session, [row.id for row in page], now=g.now),
        may_create=bool(choices.leads(session, actor())),
    )


@blueprint.get("/new")
@organisers
def new() -> Any:
    """Show an empty form."""
    form = form_for(contact_name=actor().name, contact_address=actor().address)
    return render_template(FORM, form=form, series=None)


@blueprint.post("")
@organisers
def create() -> Any:
    """Make a series."""
    session, form = database_session(), form_for(typed=request.form)
    if not form.validate():
        return form_again(FORM, form=form, series=None)
    if not may_create_for(actor(), form.lead.data, Strand(form.strand.data)):
        form.refuse(Refusal("You organise other strands for this organisation: choose one of those.", field="strand"))
        return form_again(FORM, form=form, series=None)
    row = verbs.create(session, form.details(), lead_id=form.lead.data, actor=actor(), now=g.now)
    session.commit()
    return done(f"“{row.title}” is made. Add events to it, or copy some.", address(row.id))


def form_for(*, typed: Any = None, row: Series | None = None, **given: Any) -> SeriesForm:
    """Return the form with what may be chosen; 403 for somebody who may make none."""
    form = SeriesForm(typed, data={**(series_data(row) if row else {}), **given})
    if row is not None:
        del form.lead
        return form
    form.lead.choices = choices.leads(database_session(), actor())
    if not form.lead.choices:
        abort(403)
    return form


@blueprint.get("/<id:series_id>")
@needs(Verb.SEE_DRAFT, of_series)
def series(series_id: int) -> Any:
    """Show one series with its events."""
    session = database_session()
    row = session.get_one(Series, series_id)
    page = page_of(session, queries.events_in(series_id, actor()), number=page_number(request.args.get("page")))
    scope = sight.series_scope(row)
    return render_template(
        "organiser/series/series.html",
        series=row,
        page=page,
        rows=[row_of(event) for event in page],
        taken=places_taken(session, [event.id for event in page]),
        may={verb.name: may(actor(), verb, scope) for verb in Verb},
        history=history(session, "series", series_id, reader=actor()),
        drafts=sum(run.drafts for run in queries.runs(session, [series_id], now=g.now).values()),
    )


@blueprint.get("/<id:series_id>/details")
@needs(Verb.EDIT, of_series)
def edit(series_id: int) -> Any:
    """Show the form as the series is."""
    row = database_session().get_one(Series, series_id)
    return render_template(FORM, form=form_for(row=row), series=row, seen=mark_of(series_data(row)))


@blueprint.post("/<id:series_id>/details")
@needs(Verb.EDIT, of_series)
def save(series_id: int) -> Any:
    """Save the form."""
    session = database_session()
    row = session.get_one(Series, series_id)
    form = form_for(typed=request.form, row=row)
    seen = request.form.get("seen", "")
    if not form.validate():
        return form_again(FORM, form=form, series=row, seen=seen)
    session.refresh(row, with_for_update=True)
    if seen and seen != mark_of(series_data(row)):
        form.refuse(Meanwhile())
        return form_again(FORM, form=form, series=row, seen=mark_of(series_data(row)))
    strand = Strand(form.strand.data)
    if strand is not row.strand and not may_create_for(actor(), row.lead_organisation_id, strand):
        form.refuse(Refusal("Only its leading organisation moves a series to another strand.", field="strand"))
        return form_again(FORM, form=form, series=row, seen=seen)
    verbs.edit(session, series_id, form.details(), actor=actor(), now=g.now)
    session.commit()
    return done(f"“{row.title}” is saved.", address(series_id))


@blueprint.get("/<id:series_id>/co-owners")
@needs(Verb.HAND_OVER, of_series)
def sharing(series_id: int) -> Any:
    """Ask which organisations share the series."""
    row = database_session().get_one(Series, series_id)
    return render_template(SHARING, form=sharing_form(row), series=row, seen=seen_of(row.co_owners))


@blueprint.post("/<id:series_id>/co-owners")
@needs(Verb.HAND_OVER, of_series)
def share(series_id: int) -> Any:
    """Say which organisations share the series."""
    session = database_session()
    row = session.get_one(Series, series_id)
    form, seen = sharing_form(row, typed=request.form), request.form.get("seen", "")
    if not form.validate():
        return form_again(SHARING, form=form, series=row, seen=seen)
    try:
        verbs.share(session, series_id, form.organisations.data or [], actor=actor(), now=g.now, seen=seen)
    except Meanwhile as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(SHARING, form=form, series=row, seen=seen_of(row.co_owners))
    session.commit()
    return done("Who shares this series is saved.", address(series_id))


def sharing_form(row: Series, *, typed: Any = None) -> SharingForm:
    """Return the form about who shares a series."""
    form = SharingForm(typed, data={"organisations": [owner.id for owner in row.co_owners]})
    form.organisations.choices = choices.organisations(database_session(), apart_from=row.lead_organisation_id)
    return form
