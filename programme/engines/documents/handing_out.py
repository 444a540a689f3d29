"""How any file is given to whoever may read it: to keep, never shown in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, send_file

from programme.core.files.kinds import FILE_KINDS

if TYPE_CHECKING:
    from flask import Response

    from programme.engines.documents.models import Document
    from programme.engines.documents.shelf import Shelf

BARE = "default-src 'none'; sandbox"


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
