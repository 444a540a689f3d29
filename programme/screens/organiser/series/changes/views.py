"""Changing this event of a series, this and those that follow, or all that lie ahead: look at each, then confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import long_date, plural
from programme.engines.calendar.forms.several.changes import ALL, AS_IT_IS, FOLLOWING, NO_VENUE, THIS, ChangesForm
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.sight import event_scope
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.flows.together.changing.doing import change_together
from programme.flows.together.changing.weighing import Row, Scope, events_in, weigh
from programme.flows.together.changing.wish import Wish
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.organiser.days import almanac
from programme.screens.organiser.events.form import choices
from programme.screens.organiser.events.ticked import seen_in
from programme.screens.organiser.scopes import of_series

if TYPE_CHECKING:
    from collections.abc import Collection

blueprint = Blueprint("organise_series_changes", __name__, url_prefix="/organise/series/<id:series_id>/changes")
PAGE = "organiser/series/changes.html"
TAKEN, SEEN = "id", "seen"
NOTHING = "Say what is to be another: all of it is empty."


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be: lines with ticks, what stays as it is, what is left out, and how many people are told."""

    lines: list[dict[str, Any]]
    same: list[Row]
    left_out: list[Row]
    more: int
    people: int

    @property
    def count(self) -> int:
        """How many are ticked."""
        return sum(line["is_taken"] for line in self.lines)


@blueprint.get("")
@needs(Verb.EDIT, of_series)
def ask(series_id: int) -> Any:
    """Ask what is to be another."""
    series = database_session().get_one(Series, series_id)
    form = form_for(series, given={"event": request.args.get("event", ""), "which": request.args.get("which", "")})
    return render_template(PAGE, form=form, series=series, preview=None)


@blueprint.post("/preview")
@needs(Verb.EDIT, of_series)
def preview(series_id: int) -> Any:
    """Show what would become of each, and change nothing yet."""
    series = database_session().get_one(Series, series_id)
    form = form_for(series, typed=request.form)
    shown = preview_in(series, form)
    if form.problems or shown is None:
        return form_again(PAGE, form=form, series=series, preview=shown)
    return render_template(PAGE, form=form, series=series, preview=shown)


@blueprint.post("")
@needs(Verb.EDIT, of_series)
def change(series_id: int) -> Any:
    """Change those that are ticked, and tell everybody with a place, each once."""
    session = database_session()
    series = session.get_one(Series, series_id)
    form = form_for(series, typed=request.form)
    if not form.validate():
        return form_again(PAGE, form=form, series=series, preview=None)
    try:
        result = change_together(session, series, seen_in(request.form), wish_in(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        shown = preview_in(series, form)
        form.refuse(refusal)
        return form_again(PAGE, form=form, series=series, preview=shown)
    session.commit()
    what = f"{plural(result.events, 'event')} {'is' if result.events == 1 else 'are'} "
    told = plural(result.letters, "letter") + (" goes out." if result.letters == 1 else " go out.")
    verb = "cancelled" if form.cancels.data else "changed"
    return done(
        f"{what}{verb}. {told if result.letters else 'Nobody had to be told.'}", f"/organise/series/{series_id}"
    )


def form_for(series: Series, *, typed: Any = None, given: dict[str, Any] | None = None) -> ChangesForm:
    """Return the form; asked from one event, it may be about that one, or about it and those that follow."""
    form = ChangesForm(typed, data=given)
    event = event_of(series, form)
    form.venue.choices = [AS_IT_IS, SelectChoice(NO_VENUE, "Not known yet"), *venues()]
    form.which.choices = [SelectChoice(ALL, "All that lie ahead")]
    if event is not None:
        day = long_date(event.starts_at)
        these = [
            SelectChoice(THIS, f"Only that of {day}"),
            SelectChoice(FOLLOWING, f"That of {day} and those after it"),
        ]
        form.which.choices = [*these, *form.which.choices]
    if typed is None and form.which.data not in {choice.value for choice in form.which.choices}:
        form.which.data = form.which.choices[0].value
    return form


def venues() -> list[SelectChoice]:
    """Return the venues; their menu's first line, which is none, is said otherwise here."""
    return [SelectChoice(str(one.value), one.label) for one in choices.venues(database_session())[1:]]


def event_of(series: Series, form: ChangesForm) -> Event | None:
    """Return the event from which it was asked, if it is of the series and the actor's to see as an organiser."""
    event = database_session().get(Event, form.event_id) if form.event_id else None
    if event is None or event.series_id != series.id or not may(actor(), Verb.SEE_DRAFT, event_scope(event)):
        return None
    return event


def wish_in(form: ChangesForm) -> Wish:
    """Return what a valid form wishes; raises Refusal where that is nothing."""
    wish = Wish(form.shift, form.plan_values(), form.detail_values(), bool(form.cancels.data), form.reason.data or "")
    if wish.is_empty:
        raise Refusal(NOTHING)
    return wish


def preview_in(series: Series, form: ChangesForm) -> Preview | None:
    """Return what a form would do; None where it is not valid, or wishes nothing."""
    if not form.validate():
        return None
    try:
        wish = wish_in(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    session, event = database_session(), event_of(series, form)
    scope = Scope(event if form.which.data != ALL else None, alone=form.which.data == THIS)
    found, more = events_in(session, series.id, scope, actor=actor(), now=g.now)
    return drawn(weigh(session, found, wish, actor=actor(), now=g.now), more)


def drawn(rows: list[Row], more: int) -> Preview:
    """Return the lines: what differs from the rest is ticked off until somebody ticks it."""
    seen, taken = set(request.form.getlist(SEEN)), set(request.form.getlist(TAKEN))
    meant = [row for row in rows if row.is_meant]
    lines = lines_of(meant, seen, taken)
    people = frozenset[int]().union(*(line["row"].people for line in lines if line["is_taken"]))
    return Preview(
        lines,
        [row for row in rows if not row.reason and not row.changes],
        [row for row in rows if row.reason],
        more,
        len(people),
    )


def lines_of(rows: list[Row], seen: Collection[str], taken: Collection[str]) -> list[dict[str, Any]]:
    """Return what is shown of each event that would be another."""
    known, dates = almanac(database_session()), terms(database_session())
    lines = []
    for row in rows:
        event, day = row.event, london_day(row.plan.starts_at)
        key = f"{event.id}-{event.version}"
        moved = row.plan.starts_at != event.starts_at
        lines.append(
            {
                "row": row,
                "key": key,
                "is_taken": key in taken if key in seen else not row.differs,
                "weeks": week_labels(dates, day) if event.date_is_known else [],
                "thoughts": [
                    *row.differs,
                    *(known.on(day, instead_of=london_day(event.starts_at)) if moved else []),
                    *(["In the past"] if row.plan.ends_at <= g.now and event.date_is_known else []),
                ],
            }
        )
    return lines
