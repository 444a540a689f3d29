"""Copying a year's events of a series in one go: choose, look, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.actions import copies
from programme.engines.calendar.forms.series import CopySeriesForm
from programme.engines.calendar.models import Series
from programme.engines.calendar.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.events.previews import holidays
from programme.screens.organiser.scopes import of_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.calendar.actions.copies import Shifted

blueprint = Blueprint("organise_series_copying", __name__, url_prefix="/organise/series/<id:series_id>/copies")
PAGE = "organiser/series/copies.html"


@blueprint.get("")
@needs(Verb.CREATE, of_series)
def ask(series_id: int) -> Any:
    """Ask which year, and how many weeks later."""
    return render_template(PAGE, **page(series_id, form_for(series_id)))


@blueprint.post("/preview")
@needs(Verb.CREATE, of_series)
def preview(series_id: int) -> Any:
    """Show each copy with the weeks of both universities, and make nothing yet."""
    form = form_for(series_id, typed=request.form)
    if not form.validate():
        return form_again(PAGE, **page(series_id, form))
    try:
        found = copies.shifted_series(database_session(), series_id, year=form.year.data, weeks=form.weeks.data or 0)
    except Refusal as refusal:
        form.refuse(refusal)
        return form_again(PAGE, **page(series_id, form))
    return render_template(PAGE, **page(series_id, form, found=found))


@blueprint.post("")
@needs(Verb.CREATE, of_series)
def copy(series_id: int) -> Any:
    """Make the drafts."""
    session, form = database_session(), form_for(series_id, typed=request.form)
    if not form.validate():
        return form_again(PAGE, **page(series_id, form))
    year, weeks = form.year.data, form.weeks.data or 0
    try:
        made = copies.copy_series(session, series_id, year=year, weeks=weeks, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **page(series_id, form))
    session.commit()
    return done(f"{plural(len(made), 'draft')} made. Check each, then publish it.", f"/organise/series/{series_id}")


def form_for(series_id: int, *, typed: Any = None) -> CopySeriesForm:
    """Return the form with the years that have events, the latest chosen."""
    years = copies.years_of(database_session(), series_id)
    form = CopySeriesForm(typed, data={"year": years[0] if years else None, "weeks": 52})
    form.year.choices = [SelectChoice(year, f"the academic year {year}–{(year + 1) % 100:02}") for year in years]
    return form


def page(series_id: int, form: CopySeriesForm, *, found: Sequence[Shifted] = ()) -> dict[str, Any]:
    """Return what the page shows."""
    series = database_session().get_one(Series, series_id)
    return {
        "series": series,
        "form": form,
        "rows": [row_of(item) for item in found],
        "new": sum(not item.is_there for item in found),
    }


def row_of(item: Shifted) -> dict[str, Any]:
    """Return one line of the preview."""
    day = london_day(item.starts_at)
    weeks = week_labels(terms(database_session()), day)
    return {"item": item, "weeks": weeks, "holiday": holidays().get(day, "")}
