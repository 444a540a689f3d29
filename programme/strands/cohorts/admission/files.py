"""Files of references and applications, for whoever may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app

from programme.engines.documents.handing_out import sent_file
from programme.engines.documents.ports import may_read
from programme.engines.documents.queries import document_of
from programme.extensions import database_session

if TYPE_CHECKING:
    from programme.engines.documents.ports import Reader
    from programme.engines.documents.shelf import Shelf


def shelf() -> Shelf:
    """Return where files lie."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def file_or_404(subject: tuple[str, int], part: int, reader: Reader) -> Any:
    """Give the file of a part of something to who may read it; for everybody else there is none."""
    session = database_session()
    document = document_of(session, subject, part=part)
    if document is None or not may_read(current_app.extensions["document_plugs"], session, document, reader):
        abort(404)
    return sent_file(document, shelf())
