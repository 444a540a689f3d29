"""Copying a year's events of a series in one go: say where the first one lands, look at each, confirm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.actions.plans import copies
from programme.engines.calendar.forms.series import CopySeriesForm
from programme.engines.calendar.models import Series
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.term_weeks.weeks import label_for, same_week_next_year
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.flows.copying import events as copying
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.days import Almanac, almanac
from programme.screens.organiser.scopes import of_series

if TYPE_CHECKING:
    from datetime import date

    from programme.engines.calendar.actions.plans.copies import Shifted
    from programme.engines.calendar.term_weeks.term_dates import TermDates

blueprint = Blueprint("organise_series_copying", __name__, url_prefix="/organise/series/<id:series_id>/copies")
PAGE = "organiser/series/copies.html"
A_YEAR = timedelta(weeks=52)


@blueprint.get("")
@needs(Verb.CREATE, of_series)
def ask(series_id: int) -> Any:
    """Ask which year, and where the first event lands; then show each copy, and make nothing yet."""
    asked = request.args if "first_day" in request.args else None
    form = form_for(series_id, asked)
    try:
        shown = page(series_id, form, is_shown=asked is not None and form.validate())
    except Refusal as refusal:
        form.refuse(refusal)
        shown = page(series_id, form, is_shown=False)
    return form_again(PAGE, **shown) if form.problems else render_template(PAGE, **shown)


@blueprint.post("")
@needs(Verb.CREATE, of_series)
def copy(series_id: int) -> Any:
    """Make the drafts."""
    session, form = database_session(), form_for(series_id, request.form)
    if not form.validate() or form.first_day.day is None:
        return form_again(PAGE, **page(series_id, form, is_shown=False))
    known = {"year": form.year.data, "first_day": form.first_day.day}
    try:
        made, own = copying.copy_series(session, series_id, **known, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **page(series_id, form, is_shown=False))
    session.commit()
    along = " Their own reminders came along." if own else ""
    return done(f"{plural(len(made), 'draft')} made.{along} Check each, then publish them.", page_of(series_id))


def page_of(series_id: int) -> str:
    """Return the organisers' page of a series."""
    return f"/organise/series/{series_id}"


def form_for(series_id: int, typed: Any = None) -> CopySeriesForm:
    """Return the form with the years that have events, the latest chosen, and its first event a year later."""
    years = copies.years_of(database_session(), series_id)
    first = first_of(series_id, years[0]) if years else None
    given = {"year": years[0], "first_day": (first + A_YEAR).isoformat()} if first else {}
    form = CopySeriesForm(typed, data=given)
    form.year.choices = [SelectChoice(year, f"{year}–{(year + 1) % 100:02}") for year in years]
    return form


def first_of(series_id: int, year: int) -> date | None:
    """Return the day of the first event of a series in an academic year."""
    events = copies.events_in_year(database_session(), series_id, year)
    return london_day(events[0].starts_at) if events else None


def page(series_id: int, form: CopySeriesForm, *, is_shown: bool) -> dict[str, Any]:
    """Return what the page shows; the copies once it is said where the first one lands."""
    session, year, day = database_session(), form.year.data, form.first_day.day
    found = copies.shifted_series(session, series_id, year=year, first_day=day) if is_shown and day else []
    dates, known = terms(session), almanac(session)
    first = first_of(series_id, year) if isinstance(year, int) else None
    return {
        "series": session.get_one(Series, series_id),
        "form": form,
        "first": first,
        "suggestions": suggestions(first, dates) if first else [],
        "rows": [row_of(item, dates, known) for item in found],
        "new": sum(not item.is_there for item in found),
    }


def suggestions(first: date, dates: TermDates) -> list[dict[str, Any]]:
    """Return days on which the new first event may fall: 52 weeks on, and in the same week of either university."""
    found = {first + A_YEAR: [("", "52 weeks later")]}
    for place in dates.universities:
        day = same_week_next_year(first, place.terms)
        if day is not None:
            found.setdefault(day, []).append((place.end, f"{place.name}: {label_for(day, place.terms).long}"))
    return [{"day": day, "reasons": found[day]} for day in sorted(found)]


def row_of(item: Shifted, dates: TermDates, known: Almanac) -> dict[str, Any]:
    """Return one line of the preview."""
    then, day = london_day(item.event.starts_at), london_day(item.starts_at)
    thoughts = known.on(day, instead_of=then) + (["In the past"] if item.ends_at <= g.now else [])
    return {
        "item": item,
        "weeks_then": week_labels(dates, then),
        "weeks": week_labels(dates, day),
        "thoughts": thoughts,
    }
