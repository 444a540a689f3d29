"""Feeds and files for calendar clients: validators first, so that what did not change is not written again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, g, redirect, request
from sqlalchemy.orm import Session

from programme.core.web.converters import slug
from programme.engines.calendar.feeds import feed as reading
from programme.engines.calendar.feeds.entries import edition_for
from programme.engines.calendar.feeds.feed import Feed
from programme.engines.calendar.feeds.personal import Rooms, Wanted, personal_calendar
from programme.engines.calendar.feeds.subscriptions import feed_for, is_mark_due, mark_used
from programme.engines.calendar.queries.pages import series_with_owners
from programme.engines.calendar.sight import may_see_series
from programme.engines.calendar.states import FeedPurpose
from programme.extensions import database_session, db
from programme.people.guards import public, secret_link
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import NOBODY
from programme.screens.calendar.asking import asked, base_url, count_search, feed_of
from programme.screens.calendar.event_page import seen_event
from programme.screens.calendar.series.runs import series_feed
from programme.screens.calendar.subscribing.answers import FOR_ALL, MEDIA_TYPE, headers_of_200, headers_of_304, is_known

if TYPE_CHECKING:
    from datetime import datetime
    from wsgiref.types import WSGIEnvironment

    from werkzeug.datastructures import Headers

    from programme.engines.calendar.feeds.blocks import Blocks
    from programme.engines.calendar.feeds.entries import Edition
    from programme.engines.calendar.feeds.feed import Reading, Revision
    from programme.screens.calendar.subscribing.front import Front

blueprint = Blueprint("feeds", __name__)

NOT_FOUND = ("There is no calendar at this address.", 404)
GONE = ("This calendar address has ended. Its owner can make another.", 410)
ABOUT = "Events of the universities of Liverpool and Oxford."


class NotModified(Response):
    """A 304 that keeps its date: the library takes it off, and clients that know no tags would ask in full for ever."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers, the date of the last change among them."""
        headers = super().get_wsgi_headers(environ)
        headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


@blueprint.get("/calendar.ics")
@public
def everything() -> Any:
    """Give every publicly listed event that the filters of the list ask for."""
    wanted = asked()
    if wanted.left_out:
        abort(400)
    address = feed_of(wanted.filters)
    feed = Feed(filters=wanted.filters, name=address.title, source_url=address.https, description=ABOUT)
    return answer(feed, reading.revision_of(database_session()))


@blueprint.get("/series/<slug:ref>.ics")
@public
def series(ref: tuple[int, str]) -> Any:
    """Give the public events of a series."""
    session = database_session()
    revision = reading.revision_of(session)
    found = series_with_owners(session, ref[0]) or abort(404)
    address = series_feed(found)
    feed = Feed(series_id=found.id, name=address.title, source_url=address.https, description=found.description)
    if not may_see_series(found, NOBODY) or not reading.held_any(session, feed, now=g.now):
        abort(404)
    if ref[1] != slug(found.title, found.id):
        return redirect(address.https.removeprefix(base_url()), 301)
    return answer(feed, revision)


@blueprint.get("/events/<slug:ref>.ics")
@public
def event(ref: tuple[int, str]) -> Any:
    """Give one event as a file to keep, to whoever may see its page; what was withdrawn says so."""
    session = database_session()
    revision = reading.revision_of(session)
    found = seen_event(session, ref[0])
    if found is None:
        return gone(ref[0])
    if ref[1] != found.slug:
        return redirect(f"/events/{found.slug}.ics", 301)
    told = reading.single(session, found.event.id, edition=edition(), blocks=blocks(), revision=revision, now=g.now)
    if told is None:
        abort(404)
    response = calendar_response(told, {"Cache-Control": FOR_ALL["Cache-Control"]})
    name = found.slug.removesuffix(f"-{found.event.id}")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{name}.ics\"; filename*=UTF-8''{quote(found.title[:80])}.ics"
    )
    return response


def gone(event_id: int) -> Response:
    """Answer for an event that calendars lost: at any of its addresses, as its title is nobody's business now."""
    told = reading.single_gone(database_session(), event_id, edition=edition(), now=g.now) or abort(404)
    return calendar_response(told, {"Cache-Control": FOR_ALL["Cache-Control"]})


@blueprint.get("/feeds/<token>.ics")
@secret_link
def personal(token: str) -> Any:
    """Give a person's own calendar to whoever holds its secret; 410 once it was withdrawn, 404 where it never was."""
    session = database_session()
    found = feed_for(session, token)
    if found is None or found.revoked_at is not None:
        return private(Response(*NOT_FOUND if found is None else GONE, content_type="text/plain; charset=utf-8"))
    wanted = Wanted(
        reader=actor_of(session.get_one(Person, found.person_id)),
        purpose=FeedPurpose(found.purpose),
        alarm_minutes=found.alarm_minutes,
    )
    rooms = Rooms(
        holding=current_app.extensions["calendar_sources"],
        grouping=current_app.extensions["group_calendar_sources"],
        beside=current_app.extensions["entry_sources"],
    )
    told = personal_calendar(session, wanted, rooms=rooms, edition=edition(), blocks=blocks(), now=g.now)
    if is_mark_due(found, g.now):
        note_use(found.id, g.now)
    return private(Response(told, content_type=MEDIA_TYPE))


def answer(feed: Feed, revision: Revision) -> Response:
    """Answer with a feed, and leave it with the front for those who ask next.

    A search is counted where nobody has asked for it before: calendars that follow one ask again and again, many from
    one address of a university, and most switch a calendar off that is refused.
    """
    told = front().known(feed, revision)
    if told is None:
        if not front().has_kept(feed):
            count_search(feed.filters)
        told = reading.read(database_session(), feed, edition=edition(), blocks=blocks(), revision=revision, now=g.now)
    front().keep(request.environ, feed, revision, told)
    return calendar_response(told, FOR_ALL)


def calendar_response(told: Reading, more: dict[str, str]) -> Response:
    """Answer with 304 where the client has it, else with the calendar."""
    if is_known(request.environ, told):
        return NotModified(status=304, headers=headers_of_304(told, more))
    return Response(told.content, headers=headers_of_200(told, more))


def private(response: Response) -> Response:
    """Keep a secret calendar out of every cache and index."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def note_use(feed_id: int, now: datetime) -> None:
    """Write down, in a short transaction of its own, that a calendar asked."""
    with Session(db.engine) as session, session.begin():
        mark_used(session, feed_id, now=now)


def edition() -> Edition:
    """Return what entries depend on besides what they tell of."""
    return edition_for(database_session(), base_url=base_url())


def front() -> Front:
    """Return what stands before this application."""
    found: Front = current_app.extensions["calendar_front"]
    return found


def blocks() -> Blocks:
    """Return this application's blocks."""
    found: Blocks = current_app.extensions["calendar_blocks"]
    return found
