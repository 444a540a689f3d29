"""The calendars that somebody may have of their own: their secret addresses, made, replaced, reminding, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, g, make_response, render_template, request

from programme.core.web.answers import button, done
from programme.engines.calendar.feeds.personal import NAMES
from programme.engines.calendar.feeds.subscriptions import HOLD_PLACES, feeds_of, remind, revoke
from programme.engines.calendar.states import ALARMS, FeedPurpose
from programme.extensions import database_session
from programme.flows.calendars.letters.wishing import make_address
from programme.people.guards import actor, public, signed_in
from programme.screens.calendar.asking import FeedAddress, base_url
from programme.screens.calendar.shown.drawing import page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.calendar.models import PersonalFeed

blueprint = Blueprint("calendars", __name__)

OWN = "/calendars#own"
HOLDS = {
    FeedPurpose.PLACES: "What you have a place at, with the links to join online, and what was offered to you.",
    FeedPurpose.SEEN: "All that is open to the public and to members of your university, and your places among it.",
    FeedPurpose.GROUPS: "What is open to groups that you are in, such as a cohort, whether or not you registered.",
}
ALARM_WORDS = {
    None: "None",
    15: "15 minutes before",
    60: "An hour before",
    24 * 60: "A day before",
}


@blueprint.get("/calendars")
@public
def calendars() -> Any:
    """Show which calendars one may have, and those that one has."""
    own = own_calendars(feeds_of(database_session(), own_id())) if actor().is_signed_in else []
    holds = [(NAMES[purpose], words) for purpose, words in HOLDS.items()]
    return page("calendar/calendars.html", own_calendars=own, alarms=list(ALARM_WORDS.items()), holds=holds)


@blueprint.post("/calendars/own")
@signed_in
def make_own() -> Any:
    """Make a secret address, or replace it; it is shown this once."""
    session, purpose = database_session(), asked_purpose()
    has_ended = any(feed.purpose == purpose for feed in feeds_of(session, own_id()))
    token = make_address(session, own_id(), purpose=purpose, alarm_minutes=asked_alarm(), now=g.now)
    session.commit()
    own = FeedAddress(NAMES[purpose], f"{base_url()}/feeds/{token}.ics")
    response: Response = make_response(render_template("calendar/own_address.html", own=own, has_ended=has_ended))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/calendars/own/alarm")
@signed_in
@button(lambda: OWN)
def choose_alarm() -> Any:
    """Let one's own calendar remind of each event, or no more; its address stays."""
    session = database_session()
    feed = remind(session, own_id(), purpose=asked_purpose(), alarm_minutes=asked_alarm(), now=g.now)
    session.commit()
    name, when = NAMES[FeedPurpose(feed.purpose)], ALARM_WORDS[feed.alarm_minutes].lower()
    return done(f"Reminder of “{name}”: {when}. Calendars take it over when they ask next.", OWN)


@blueprint.post("/calendars/own/end")
@signed_in
def end_own() -> Any:
    """End the secret address: calendars that use it are told that it is gone."""
    session, purpose = database_session(), asked_purpose()
    ended = revoke(session, own_id(), purpose=purpose, now=g.now)
    session.commit()
    sentence = f"The address of “{NAMES[purpose]}” has ended. Calendars that used it stop showing it."
    if ended and purpose in HOLD_PLACES:
        sentence += " Our letters bring your places for your calendar again."
    return done(sentence if ended else "You had no such calendar address.", OWN)


def asked_purpose() -> FeedPurpose:
    """Return which of one's calendars is meant; that of one's places where nothing is said."""
    given = request.form.get("purpose", FeedPurpose.PLACES.value)
    return FeedPurpose(given) if given in set(FeedPurpose) else abort(400)


def asked_alarm() -> int | None:
    """Return how many minutes before an event to remind, or None."""
    given = request.form.get("alarm", "")
    if given in {"", *map(str, ALARMS)}:
        return int(given) if given else None
    return abort(400)


def own_calendars(feeds: Iterable[PersonalFeed]) -> list[dict[str, Any]]:
    """Return each calendar that one may have of one's own, with its running address, if there is one."""
    running = {feed.purpose: feed for feed in feeds}
    return [
        {"purpose": purpose.value, "name": NAMES[purpose], "holds": HOLDS[purpose], "feed": running.get(purpose.value)}
        for purpose in FeedPurpose
    ]


def own_id() -> int:
    """Return who is signed in."""
    return actor().person_id or 0
