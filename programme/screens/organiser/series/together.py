"""Publishing, moving and cancelling the events of a series together: look at each, then do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.engines.calendar.forms.together import ShiftForm, TogetherForm
from programme.engines.calendar.models import Series
from programme.extensions import database_session
from programme.flows.together.doing import Task, carry_out_in_series, sentence
from programme.flows.together.weighing import MOST, Deed, in_series, weigh
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.events.ticked import lines, seen_in
from programme.screens.organiser.scopes import of_series

if TYPE_CHECKING:
    from programme.flows.together.weighing import Weighing

blueprint = Blueprint("organise_series_together", __name__, url_prefix="/organise/series/<id:series_id>")
NOUNS = "<any(publication, move, cancellation):noun>"
PAGE = "organiser/series/together.html"


def home(series_id: int, **rest: object) -> str:
    """Return the organisers' page of a series."""
    del rest
    return f"/organise/series/{series_id}"


@blueprint.get(f"/{NOUNS}")
@needs(Verb.PUBLISH, of_series)
def ask(series_id: int, noun: str) -> Any:
    """Show which events it is about, and what would become of each; nothing is done yet."""
    asked = request.args if "by" in request.args else None
    form = form_for(noun, asked)
    try:
        shown = page(series_id, noun, form, is_shown=asked is None or form.validate())
    except Refusal as refusal:
        form.refuse(refusal)
        shown = page(series_id, noun, form, is_shown=False)
    return form_again(PAGE, **shown) if form.problems else render_template(PAGE, **shown)


@blueprint.post(f"/{NOUNS}")
@needs(Verb.PUBLISH, of_series)
@button(home)
def carry_out(series_id: int, noun: str) -> Any:
    """Do it to the events that were shown, and tell everybody with a place."""
    session, form, deed = database_session(), form_for(noun, request.form), Deed(noun)
    if not form.validate():
        return form_again(PAGE, **page(series_id, noun, form, is_shown="by" not in form.errors))
    days = form.days if isinstance(form, ShiftForm) else 0
    task = Task(deed, actor(), g.now, days=days, reason=form.reason.data or "")
    carried = carry_out_in_series(session, session.get_one(Series, series_id), seen_in(request.form), task)
    said = sentence(carried, deed)
    session.commit()
    return done(said, home(series_id))


def form_for(noun: str, typed: Any = None) -> TogetherForm:
    """Return the form of a verb."""
    return ShiftForm(typed) if noun == Deed.MOVE else TogetherForm(typed)


def page(series_id: int, noun: str, form: TogetherForm, *, is_shown: bool) -> dict[str, Any]:
    """Return what the page shows: the events, before and after."""
    days = form.days if isinstance(form, ShiftForm) and is_shown else 0
    found = found_in(series_id, Deed(noun), days)
    return {
        "series": database_session().get_one(Series, series_id),
        "noun": noun,
        "form": form,
        "found": found,
        "rows": lines(found, Deed(noun)),
        "is_shown": is_shown,
        "most": MOST,
    }


def found_in(series_id: int, deed: Deed, days: int) -> Weighing:
    """Weigh the events of the series; those beyond what goes at once are counted."""
    session = database_session()
    events, more = in_series(session, series_id, deed, now=g.now)
    return weigh(session, events, deed, days=days, more=more, actor=actor(), now=g.now)
