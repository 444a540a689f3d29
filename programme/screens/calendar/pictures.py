"""The picture of an event as a file, for whoever may see the event: it never changes under its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, send_file

from programme.engines.calendar.models import Event
from programme.engines.calendar.pictures.addresses import MEDIA_TYPE, PictureName, name_of
from programme.engines.calendar.pictures.queries import picture_of
from programme.engines.calendar.sight import may_see, sight_of
from programme.engines.documents.queries import document_of
from programme.extensions import database_session
from programme.flows.listing.standings import standings_of
from programme.flows.picturing.taking import PICTURE
from programme.people.guards import actor, public
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

    from programme.engines.documents.models import Document
    from programme.engines.documents.shelf import Shelf

blueprint = Blueprint("event_pictures", __name__)
BARE = "default-src 'none'; sandbox"
FOR_EVERYBODY, FOR_ONE = "public, max-age=31536000, immutable", "private, no-cache"


@blueprint.get("/pictures/<id:event_id>/<name>")
@public
def picture(event_id: int, name: str) -> Any:
    """Give the picture that an event shows, in one of its widths; 404 to whoever may not see the event."""
    session, asked = database_session(), name_of(name) or abort(404)
    event = session.get(Event, event_id) or abort(404)
    is_open = may_see(sight_of(event), NOBODY)
    if not is_open and not is_seen(session, event):
        abort(404)
    return sent(shown_bytes(session, event_id, asked) or abort(404), is_open=is_open)


def is_seen(session: Session, event: Event) -> bool:
    """Whether the reader may see an event that not everybody may."""
    standing = standings_of(session, actor().person_id, [event.id]).get(event.id)
    return may_see(sight_of(event), actor(), is_registered=standing is not None)


def shown_bytes(session: Session, event_id: int, asked: PictureName) -> Document | None:
    """Return the file of what an event shows, if that is what was asked for."""
    shown = picture_of(session, event_id)
    if shown is None or not shown.picture.digest.startswith(asked.digest):
        return None
    return document_of(session, (PICTURE, shown.picture_id), part=asked.width)


def sent(document: Document, *, is_open: bool) -> Response:
    """Give the file: to be kept by everybody for good, or by one reader, who asks each time."""
    shelf: Shelf = current_app.extensions["shelf"]
    path = shelf.path(document.token)
    if not path.is_file():
        abort(404)
    response = send_file(path, mimetype=MEDIA_TYPE, conditional=True, etag=document.digest, max_age=0)
    response.headers["Cache-Control"] = FOR_EVERYBODY if is_open else FOR_ONE
    response.headers["Content-Security-Policy"] = BARE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_open else "same-origin"
    return response
