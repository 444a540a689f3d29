"""The openings one organises, or helps at: how full each is and where its window stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import here_with, one_of, page_number, page_of
from programme.engines.registration.openings.queries import SORTS, Sought, Taken, openings, taken
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.states import OpeningState
from programme.extensions import database_session
from programme.people.guards import actor, organisers
from programme.people.models import Strand
from programme.people.permissions import Verb, may
from programme.screens.roll.heading import standing_of, when_short

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from programme.engines.registration.models import Opening

blueprint = Blueprint("opening_list", __name__, url_prefix="/organise/registrations")
STATES = {OpeningState.DRAFT: "Draft", OpeningState.OPEN: "Open", OpeningState.CLOSED: "Closed"}
PAST = "past"
KNOWN: Mapping[str, Collection[str]] = {
    "state": set(OpeningState),
    "strand": set(Strand),
    "when": {PAST},
    "sort": {way + name for name in SORTS for way in ("", "-")},
}
LABELS = {"state": "state", "strand": "strand", "when": "time", "sort": "order"}


@blueprint.get("")
@organisers
def registrations() -> Any:
    """List openings: those whose events lie ahead, unless something else is asked for."""
    session, sought = database_session(), read()
    page = page_of(session, openings(actor(), sought, now=g.now), number=page_number(request.args.get("page")))
    counts = taken(session, [opening.id for opening in page])
    return render_template(
        "roll/openings/registrations.html",
        page=page,
        rows=[row_of(opening, counts[opening.id]) for opening in page],
        sought=sought,
        states=STATES,
        heads=heads(sought),
        may_create=bool(actor().organises_for),
    )


def read() -> Sought:
    """Read the address; what makes no sense is left aside, and noted."""
    args = request.args
    told = {name: one_of(args.get(name, ""), KNOWN[name], label=LABELS[name]) for name in KNOWN}
    state, strand, when, sort = told.values()
    return Sought(
        words=args.get("q", "").strip()[:LONGEST_LINE],
        state=OpeningState(state) if state else None,
        strand=Strand(strand) if strand else None,
        past=when == PAST,
        sort=sort.removeprefix("-") or "starts",
        descending=sort.startswith("-"),
    )


def heads(sought: Sought) -> list[Any]:
    """Return the heads of the table."""
    return [
        head("Title", "title", sought),
        head("Registration", "state", sought),
        head("When", "starts", sought),
        "Places",
        {"word": "Taken", "n": True},
        {"word": "Waiting", "n": True},
        {"word": "To decide", "n": True},
    ]


def head(word: str, key: str, sought: Sought) -> dict[str, Any]:
    """Return one head that sorts; pressed again it turns round."""
    here = sought.sort == key
    direction = ("descending" if sought.descending else "ascending") if here else ""
    turned = f"-{key}" if here and not sought.descending else key
    return {"word": word, "url": here_with(sort=turned, page=None), "direction": direction}


def row_of(opening: Opening, full: Taken) -> dict[str, Any]:
    """Return what a line shows: helpers are led to the door, and administrators see that an opening exists."""
    scope = opening_scope(opening)
    home = f"/organise/openings/{opening.id}"
    if may(actor(), Verb.SEE_PEOPLE, scope):
        url = home
    elif may(actor(), Verb.SEE_NAMES, scope):
        url = f"{home}/door"
    else:
        url = ""
    return {
        "opening": opening,
        "url": url,
        "full": full if may(actor(), Verb.SEE_PEOPLE, scope) else None,
        "standing": standing_of(opening, now=g.now),
        "when": when_short(opening),
        "below": opening.lead_organisation.short_name,
    }
