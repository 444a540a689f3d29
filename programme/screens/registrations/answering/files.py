"""Files that came with answers, for whoever has the link of a registration; and how any file is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app

from programme.engines.documents.handing_out import sent_file
from programme.engines.documents.ports import Reader, may_read
from programme.engines.documents.queries import document_of
from programme.engines.registration.follow_ups.queries import sheets_of
from programme.extensions import database_session
from programme.flows.answering.files import SHEET
from programme.people.guards import actor, secret_link
from programme.screens.registrations.answering.handing_in import shelf
from programme.screens.registrations.managing import registration_or_404

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("own_files", __name__, url_prefix="/registrations/<token>/files")


@blueprint.get("/<id:question_id>")
@secret_link
def own_file(token: str, question_id: int) -> Any:
    """Give the file that answers a question of one's own form."""
    row = registration_or_404(token)
    reader = Reader(actor(), frozenset({("registration", row.id)}))
    sheets = sheets_of(database_session(), [row.id])
    found = (file_of(sheet, question_id, reader) for sheet in (row.answer_sheet_id, sheets.get(row.id)))
    return next((file for file in found if file), None) or abort(404)


def file_of(sheet_id: int | None, question_id: int, reader: Reader) -> Response | None:
    """Return the file that answers a question, if there is one that a reader may have."""
    session, plugs = database_session(), current_app.extensions["document_plugs"]
    document = document_of(session, (SHEET, sheet_id), part=question_id) if sheet_id else None
    if document is None or not may_read(plugs, session, document, reader):
        return None
    return sent_file(document, shelf())
