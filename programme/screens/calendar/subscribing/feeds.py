"""Feeds and files for calendar clients: validators first, so that what did not change is not written again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.http import is_resource_modified

from programme.core.web.converters import slug
from programme.engines.calendar.feeds import feed as reading
from programme.engines.calendar.feeds.feed import Feed
from programme.engines.calendar.feeds.personal import personal_calendar
from programme.engines.calendar.feeds.subscriptions import feed_for, is_mark_due, mark_used
from programme.engines.calendar.queries.pages import series_with_owners
from programme.engines.calendar.sight import may_see_series
from programme.extensions import database_session, db
from programme.people.guards import public, secret_link
from programme.people.permissions import NOBODY
from programme.screens.calendar.asking import asked, base_url, feed_of
from programme.screens.calendar.event_page import seen_event
from programme.screens.calendar.series.runs import series_feed

if TYPE_CHECKING:
    from datetime import datetime
    from wsgiref.types import WSGIEnvironment

    from werkzeug.datastructures import Headers

    from programme.engines.calendar.feeds.blocks import Blocks
    from programme.engines.calendar.feeds.feed import Validators

blueprint = Blueprint("feeds", __name__)

MEDIA_TYPE = "text/calendar; charset=utf-8"
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
    return answer(Feed(filters=wanted.filters, name=address.title, source_url=address.https, description=ABOUT))


@blueprint.get("/series/<slug:ref>.ics")
@public
def series(ref: tuple[int, str]) -> Any:
    """Give the public events of a series."""
    session = database_session()
    found = series_with_owners(session, ref[0]) or abort(404)
    address = series_feed(found)
    feed = Feed(series_id=found.id, name=address.title, source_url=address.https, description=found.description)
    if not may_see_series(found, NOBODY) or not reading.held_any(session, feed, now=g.now):
        abort(404)
    if ref[1] != slug(found.title, found.id):
        return redirect(address.https.removeprefix(base_url()), 301)
    return answer(feed)


@blueprint.get("/events/<slug:ref>.ics")
@public
def event(ref: tuple[int, str]) -> Any:
    """Give one event as a file to keep, to whoever may see its page; what was withdrawn says so."""
    session = database_session()
    found = seen_event(session, ref[0])
    if found is None:
        return gone(ref[0])
    if ref[1] != found.slug:
        return redirect(f"/events/{found.slug}.ics", 301)
    held = reading.edition(session, base_url=base_url())
    told = reading.single(session, found.event.id, held=held, blocks=blocks(), now=g.now)
    if told is None:
        abort(404)
    response = conditional(told[0]) or calendar_response(told[1], told[0])
    name = found.slug.removesuffix(f"-{found.event.id}")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{name}.ics\"; filename*=UTF-8''{quote(found.title[:80])}.ics"
    )
    return response


def gone(event_id: int) -> Response:
    """Answer for an event that calendars lost: at any of its addresses, as its title is nobody's business now."""
    held = reading.edition(database_session(), base_url=base_url())
    told = reading.single_gone(database_session(), event_id, held=held, now=g.now) or abort(404)
    return conditional(told[0]) or calendar_response(told[1], told[0])


@blueprint.get("/feeds/<token>.ics")
@secret_link
def personal(token: str) -> Any:
    """Give a person's own calendar to whoever holds its secret; 410 once it was withdrawn."""
    session = database_session()
    found = feed_for(session, token) or abort(404)
    if found.revoked_at is not None:
        abort(410)
    held = reading.edition(session, base_url=base_url())
    sources = current_app.extensions["calendar_sources"]
    told = personal_calendar(session, found.person_id, sources=sources, site=held.site, name="My programme", now=g.now)
    if is_mark_due(found, g.now):
        note_use(found.id, g.now)
    return private(Response(told, content_type=MEDIA_TYPE))


def answer(feed: Feed) -> Response:
    """Answer with 304 where the client has it, else with the feed."""
    session = database_session()
    held = reading.edition(session, base_url=base_url())
    known = reading.validators(session, feed, held=held, now=g.now)
    told = conditional(known)
    if told is None:
        told = calendar_response(reading.body(session, feed, held=held, blocks=blocks(), now=g.now), known)
    told.headers["X-Robots-Tag"] = "noindex"
    return told


def conditional(known: Validators) -> Response | None:
    """Return 304 where the client's copy is current: its tag counts before its date, an unreadable date not at all."""
    if is_resource_modified(request.environ, etag=known.etag.strip('"'), last_modified=known.last_modified):
        return None
    return with_validators(NotModified(status=304), known)


def calendar_response(content: bytes, known: Validators) -> Response:
    """Return a calendar with its validators."""
    return with_validators(Response(content, content_type=MEDIA_TYPE), known)


def with_validators(response: Response, known: Validators) -> Response:
    """Put the same validators on 200 and 304."""
    response.set_etag(known.etag.strip('"'))
    response.last_modified = known.last_modified
    response.headers["Cache-Control"] = "public, no-cache"
    return response


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


def blocks() -> Blocks:
    """Return this application's blocks."""
    found: Blocks = current_app.extensions["calendar_blocks"]
    return found
