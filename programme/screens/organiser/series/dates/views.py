"""Adding several dates to a series: say how they repeat, look at each, make them; and take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.actions.values import Details, Plan
from programme.engines.calendar.models import Series
from programme.engines.calendar.sight import event_scope
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.flows.together.doing import left_out as left_out_words
from programme.flows.together.making import Wanted, make, unmake
from programme.flows.together.weighing import loaded
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.organiser.events.ticked import seen_in
from programme.screens.organiser.scopes import of_series
from programme.screens.organiser.series.dates.asking import form_for
from programme.screens.organiser.series.dates.previews import DateLine, Looked, Preview, preview_of

if TYPE_CHECKING:
    from programme.engines.calendar.forms.several.dates import DatesForm
    from programme.engines.calendar.models import Event

blueprint = Blueprint("organise_series_dates", __name__, url_prefix="/organise/series/<id:series_id>/dates")
PAGE = "organiser/series/dates/new.html"
MADE = "organiser/series/dates/made.html"
TAKEN, SEEN = "take", "seen"
OTHERS = "These are not the dates that you looked at: look at them again, then make them."


def home(series_id: int, **rest: object) -> str:
    """Return the organisers' page of a series."""
    del rest
    return f"/organise/series/{series_id}"


@blueprint.get("")
@needs(Verb.CREATE, of_series)
def ask(series_id: int) -> Any:
    """Ask how the dates repeat."""
    series = database_session().get_one(Series, series_id)
    form = form_for(database_session(), series, actor=actor(), today=london_day(g.now))
    return render_template(PAGE, form=form, series=series, preview=None)


@blueprint.post("/preview")
@needs(Verb.CREATE, of_series)
def preview(series_id: int) -> Any:
    """Show each date, and make nothing yet."""
    series = database_session().get_one(Series, series_id)
    form = form_for(database_session(), series, actor=actor(), today=london_day(g.now), typed=request.form)
    try:
        shown = preview_in(series, form)
    except Refusal as refusal:
        form.refuse(refusal)
        shown = None
    if shown is None:
        return form_again(PAGE, form=form, series=series, preview=None)
    return render_template(PAGE, form=form, series=series, preview=shown)


def preview_in(series: Series, form: DatesForm) -> Preview | None:
    """Return what a form would make of the dates that are ticked; None where it is not valid."""
    if not form.validate():
        return None
    looked = Looked(frozenset(request.form.getlist(SEEN)), frozenset(request.form.getlist(TAKEN)))
    return preview_of(database_session(), series, form, looked=looked, actor=actor(), now=g.now)


@blueprint.post("")
@needs(Verb.CREATE, of_series)
def create(series_id: int) -> Any:
    """Make the events that are ticked, all of them or none."""
    session = database_session()
    series = session.get_one(Series, series_id)
    form, shown = form_for(session, series, actor=actor(), today=london_day(g.now), typed=request.form), None
    try:
        shown = preview_in(series, form)
        if shown is None:
            return form_again(PAGE, form=form, series=series, preview=None)
        made = made_of(series, form, shown)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, form=form, series=series, preview=shown)
    session.commit()
    words = "published" if form.publishes.data else "made"
    what = plural(len(made), "event" if form.publishes.data else "draft")
    return done(f"{what} {words}.", f"{home(series_id)}/dates/made?{ids_of(made)}")


def made_of(series: Series, form: DatesForm, shown: Preview) -> list[Event]:
    """Make what was looked at; raises Refusal where that was something else."""
    if request.form.getlist(SEEN) != shown.keys:
        raise Refusal(OTHERS)
    return make(
        database_session(),
        series,
        [wanted(series, form, one) for one in shown.taken],
        shares="shares" in form and bool(form.shares.data),
        publishes=bool(form.publishes.data),
        actor=actor(),
        now=g.now,
    )


def wanted(series: Series, form: DatesForm, one: DateLine) -> Wanted:
    """Return one event as it is to be."""
    details = Details(
        title=one.title,
        strand=series.strand,
        title_is_known=not form.title_tba.data,
        visibility=series.visibility,
        online_link=form.online_link.data or "",
        contact_name=series.contact_name,
        contact_address=series.contact_address,
        series_id=series.id,
    )
    plan = Plan(
        starts_at=one.date.starts_at,
        ends_at=one.date.ends_at,
        venue_id=form.venue.data,
        room=form.room.data or "",
        is_online=bool(form.is_online.data),
    )
    return Wanted(details, plan)


def ids_of(made: list[Event]) -> str:
    """Return what was made as an address carries it, each with the version it has."""
    return urlencode([("id", f"{event.id}-{event.version}") for event in made])


@blueprint.get("/made")
@needs(Verb.CREATE, of_series)
def made(series_id: int) -> Any:
    """Show what was made, and offer to take the drafts back."""
    session = database_session()
    rows = [event for event in loaded(session, seen_in(request.args)) if is_shown(event, series_id)]
    dates = terms(session)
    return render_template(
        MADE,
        series=session.get_one(Series, series_id),
        rows=[{"event": row, "weeks": week_labels(dates, london_day(row.starts_at))} for row in rows],
        drafts=[event for event in rows if event.state is EventState.DRAFT and event.published_at is None],
    )


def is_shown(event: Event, series_id: int) -> bool:
    """Whether an event of the address is of this series, and the actor's to see."""
    return event.series_id == series_id and may(actor(), Verb.SEE_DRAFT, event_scope(event))


@blueprint.post("/removal")
@needs(Verb.CREATE, of_series)
@button(home)
def remove(series_id: int) -> Any:
    """Delete drafts that nobody has touched since they were made."""
    session = database_session()
    series = session.get_one(Series, series_id)
    gone, kept = unmake(session, series, seen_in(request.form), actor=actor(), now=g.now)
    stay = left_out_words(kept, shown=10)
    if not gone:
        raise Refusal(f"Nothing is deleted. {stay}".strip())
    session.commit()
    return done(f"{plural(gone, 'draft')} deleted again. {stay}".strip(), home(series_id))
