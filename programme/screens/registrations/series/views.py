"""A place in a series, for whoever holds its link: skip a date, take it back, leave early, want single dates or not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request

from programme.core.web.answers import button, done, form_again
from programme.core.web.words import short_date
from programme.engines.registration.states import HOLDING
from programme.extensions import database_session
from programme.flows.series.skipping import leave_series, skip_week, take_week_back, want_single_weeks
from programme.people.guards import secret_link
from programme.screens.registrations.managing import its_page, registration_or_404
from programme.screens.registrations.series.forms import departure_form
from programme.screens.registrations.series.shown import dates_of

blueprint = Blueprint("series_place", __name__, url_prefix="/registrations/<token>")
DEPARTURE = "registrations/series/departure.html"
ELSEWHERE = "me"
"""What a button on My programme sends as `from`, to come back there."""


def back(token: str, **_: Any) -> str:
    """Return the page that the button stood on."""
    return "/me" if request.form.get("from") == ELSEWHERE else its_page(token)


@blueprint.post("/skips/<id:event_id>")
@secret_link
@button(back)
def skip(token: str, event_id: int) -> Any:
    """Give up the chair of one date."""
    skipped = skip_week(database_session(), registration_or_404(token).id, event_id, now=g.now)
    database_session().commit()
    if not skipped.chairs:
        return done("You skip this date already.", back(token))
    day = short_date(skipped.chairs[0].event.starts_at)
    return done(f"You skip {day}. Your chair goes to the next in line.", back(token))


@blueprint.post("/skips/<id:event_id>/end")
@secret_link
@button(back)
def take_back(token: str, event_id: int) -> Any:
    """Take the chair of a skipped date back."""
    taken = take_week_back(database_session(), registration_or_404(token).id, event_id, now=g.now)
    database_session().commit()
    if not taken.chairs:
        return done("You had this date already.", back(token))
    day = short_date(taken.chairs[0].event.starts_at)
    has_place = taken.registration.state in HOLDING
    return done(f"You come on {day}." if has_place else f"You are asked again for {day}.", back(token))


@blueprint.get("/departure")
@secret_link
def ask_to_leave(token: str) -> Any:
    """Ask from which date on a place is given up."""
    row = registration_or_404(token)
    form = departure_form(dates_of(database_session(), row, now=g.now))
    if row.state not in HOLDING or not form.event.choices:
        return redirect(its_page(token), 303)
    return render_template(DEPARTURE, it=row, form=form, here=its_page(token))


@blueprint.post("/departure")
@secret_link
@button(back)
def leave(token: str) -> Any:
    """Give a place up from a date on."""
    row = registration_or_404(token)
    form = departure_form(dates_of(database_session(), row, now=g.now), request.form)
    if not form.validate():
        return form_again(DEPARTURE, it=row, form=form, here=its_page(token))
    left = leave_series(database_session(), row.id, form.event.data, now=g.now)
    database_session().commit()
    if left.has_ended:
        return done("You have given up every date, so your place is cancelled.", its_page(token))
    words = "Your place from then on goes to the next in line." if left.chairs else "You had left from then on already."
    return done(words, its_page(token))


@blueprint.post("/single-dates")
@secret_link
@button(back)
def single_dates(token: str) -> Any:
    """Say whether chairs of single dates are wanted while one waits."""
    wanted = request.form.get("wanted") == "yes"
    want_single_weeks(database_session(), registration_or_404(token).id, wanted=wanted, now=g.now)
    database_session().commit()
    words = "We offer you no single dates." if not wanted else "You get the chair of a date that somebody skips."
    return done(f"{words} Your turn for the whole series stays.", its_page(token))
