"""Publishing or cancelling the events that were ticked on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, abort, g, redirect, render_template, request

from programme.core.database import LARGEST_ID
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again, own_path
from programme.engines.calendar.forms.together import TogetherForm
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.flows.together.doing import Task, carry_out, sentence
from programme.flows.together.weighing import MOST, Deed, loaded, weigh
from programme.people.guards import actor, organisers
from programme.screens.organiser.days import Almanac, almanac

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from programme.flows.together.weighing import Weighed, Weighing

blueprint = Blueprint("organise_events_ticked", __name__, url_prefix="/organise/events")
HOME = "/organise/events"
PAGE = "organiser/events/changes/ticked.html"
NOBODY = "Tick at least one event first."
LONGEST_ID = 19


def back() -> str:
    """Return the list as it was."""
    path = own_path(request.form.get("back") or request.args.get("back"), default=HOME)
    return path if path.partition("?")[0] == HOME else HOME


@blueprint.post("/decision")
@organisers
@button(back)
def decide() -> Any:
    """Publish those ticked, or lead to the page on which cancelling them is confirmed."""
    seen, verb = seen_in(request.form), request.form.get("do", "")
    if verb == Deed.CANCELLATION and seen:
        ticked = urlencode([*[("id", one) for one in seen], ("back", back())])
        return redirect(f"{HOME}/cancellation?{ticked}", 303)
    return carried_out(Deed.PUBLICATION, seen) if verb == Deed.PUBLICATION or not seen else abort(404)


@blueprint.get("/cancellation")
@organisers
@button(back)
def ask() -> Any:
    """Show what cancelling those ticked would mean; nothing is done yet."""
    return render_template(PAGE, **page(seen_in(request.args), TogetherForm()))


@blueprint.post("/cancellation")
@organisers
@button(back)
def cancel() -> Any:
    """Cancel them, and tell everybody with a place."""
    seen, form = seen_in(request.form), TogetherForm(request.form)
    if not form.validate():
        return form_again(PAGE, **page(seen, form))
    return carried_out(Deed.CANCELLATION, seen, reason=form.reason.data or "")


def carried_out(deed: Deed, seen: dict[int, int | None], *, reason: str = "") -> Any:
    """Do it, and say what was done and what was left out."""
    carried = carry_out(database_session(), seen, Task(deed, actor(), g.now, reason=reason))
    said = sentence(carried, deed)
    database_session().commit()
    return done(said, back())


def page(seen: dict[int, int | None], form: TogetherForm) -> dict[str, Any]:
    """Return what the page of a cancellation shows; raises Refusal where nothing is ticked."""
    if not seen:
        raise Refusal(NOBODY)
    session = database_session()
    found = weigh(session, loaded(session, seen), Deed.CANCELLATION, actor=actor(), now=g.now)
    return {"form": form, "found": found, "rows": lines(found, Deed.CANCELLATION), "back_to": back()}


def seen_in(given: MultiDict[str, str]) -> dict[int, int | None]:
    """Read the ids of events, each with the version that was looked at where it is told: "7" or "7-3"."""
    found: dict[int, int | None] = {}
    for text in given.getlist("id")[: MOST + 1]:
        number, _, version = text.partition("-")
        if is_number(number) and (not version or is_number(version)):
            found[int(number)] = int(version) if version else None
    return found


def is_number(text: str) -> bool:
    """Whether this is an id as addresses and forms hold it."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID and 0 < int(text) <= LARGEST_ID


def lines(found: Weighing, deed: Deed) -> list[dict[str, Any]]:
    """Return what is shown of each event: both dates with the weeks of both universities, and what to think about.

    Of what is cancelled there is nothing to think about.
    """
    known = None if deed is Deed.CANCELLATION else almanac(database_session())
    return [line(row, known) for row in found.rows if not row.reason]


def line(row: Weighed, known: Almanac | None) -> dict[str, Any]:
    """Return one line."""
    event = row.event
    now, then = london_day(event.starts_at), london_day(row.plan.starts_at if row.plan else event.starts_at)
    dates = terms(database_session())
    return {
        "event": event,
        "plan": row.plan,
        "weeks": week_labels(dates, now) if event.date_is_known else [],
        "weeks_after": week_labels(dates, then) if row.plan else [],
        "thoughts": known.on(then, instead_of=now) if known and event.date_is_known else [],
        "is_past": (row.plan.ends_at if row.plan else event.ends_at) <= g.now and event.date_is_known,
        "people": len(row.people),
    }
