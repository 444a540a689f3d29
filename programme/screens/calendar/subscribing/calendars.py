"""All calendars that there are, and the secret address of one's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, render_template

from programme.core.web.answers import done
from programme.engines.calendar.feeds.subscriptions import feeds_of, revoke, subscribe
from programme.engines.calendar.queries.filters import Filters
from programme.engines.calendar.queries.series import series_with_dates
from programme.extensions import database_session
from programme.people.guards import actor, public, signed_in
from programme.people.states import Strand
from programme.screens.calendar.asking import FeedAddress, base_url, feed_of, strand_name
from programme.screens.calendar.series.runs import series_address
from programme.screens.calendar.shown.drawing import page

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/calendars")
@public
def calendars() -> Any:
    """Show every address there is, how long each calendar takes, and whether one has an own."""
    return page("calendar/calendars.html", **addresses())


@blueprint.post("/calendars/own")
@signed_in
def make_own() -> Any:
    """Make a secret address, or replace it; it is shown this once."""
    session = database_session()
    token = subscribe(session, own_id(), now=g.now)
    session.commit()
    own = FeedAddress("My programme", f"{base_url()}/feeds/{token}.ics")
    response: Response = make_response(render_template("calendar/calendars.html", own=own, **addresses()))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/calendars/own/end")
@signed_in
def end_own() -> Any:
    """End the secret address: calendars that use it are told that it is gone."""
    session = database_session()
    ended = revoke(session, own_id(), now=g.now)
    session.commit()
    sentence = "Your own calendar address has ended. Calendars that used it stop showing your programme."
    return done(sentence if ended else "You had no calendar address of your own.", "/calendars#own")


def addresses() -> dict[str, Any]:
    """Gather what the page lists."""
    session = database_session()
    return {
        "everything": feed_of(Filters(), "Everything that is open to the public"),
        "strands": [(strand.value, feed_of(Filters(strand=strand), strand_name(strand))) for strand in Strand],
        "series": [
            (title, series_address(title, series_id)) for series_id, title in series_with_dates(session, now=g.now)
        ],
        "running": feeds_of(session, own_id()) if actor().is_signed_in else [],
    }


def own_id() -> int:
    """Return who is signed in."""
    return actor().person_id or 0
