"""How any file is given to whoever may read it: to keep, never shown in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, send_file

from programme.core.files.kinds import FILE_KINDS
from programme.engines.documents.ports import may_read
from programme.engines.documents.queries import document_of
from programme.extensions import database_session

if TYPE_CHECKING:
    from flask import Response

    from programme.engines.documents.models import Document
    from programme.engines.documents.ports import Reader
    from programme.engines.documents.shelf import Shelf

BARE = "default-src 'none'; sandbox"


def file_or_404(subject: tuple[str, int], part: int, reader: Reader) -> Response:
    """Give the file of a part of something to who may read it; for everybody else there is none."""
    return file_for(subject, part, reader) or abort(404)


def file_for(subject: tuple[str, int], part: int, reader: Reader) -> Response | None:
    """Return the same; None where there is none that the reader may have."""
    session, plugs = database_session(), current_app.extensions["document_plugs"]
    document = document_of(session, subject, part=part)
    if document is None or not may_read(plugs, session, document, reader):
        return None
    return sent_file(document, current_app.extensions["shelf"])


def sent_file(document: Document, shelf: Shelf) -> Response:
    """Give a file to keep: never shown in the browser, and never taken for what it is not."""
    path = shelf.path(document.token)
    if not path.is_file():
        abort(404)
    media_type = FILE_KINDS[document.kind].media_type
    response = send_file(
        path, mimetype=media_type, as_attachment=True, download_name=document.name, conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = BARE
    return response
