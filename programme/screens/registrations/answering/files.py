"""Files that came with answers, for whoever has the link of a registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort

from programme.engines.documents.handing_out import file_for
from programme.engines.documents.ports import Reader
from programme.engines.registration.follow_ups.queries import sheets_of
from programme.extensions import database_session
from programme.flows.answering.files import SHEET
from programme.people.guards import actor, secret_link
from programme.screens.registrations.managing import registration_or_404

if TYPE_CHECKING:
    from flask import Response

    from programme.engines.registration.models import Registration

blueprint = Blueprint("own_files", __name__, url_prefix="/registrations/<token>/files")


@blueprint.get("/<id:question_id>")
@secret_link
def own_file(token: str, question_id: int) -> Any:
    """Give the file that answers a question of one's own form."""
    row = registration_or_404(token)
    return file_of_answer(row, question_id, Reader(actor(), frozenset({("registration", row.id)})))


def file_of_answer(row: Registration, question_id: int, reader: Reader) -> Response:
    """Give the file that answers a question of either form of a registration, to who may read it."""
    sheets = (row.answer_sheet_id, sheets_of(database_session(), [row.id]).get(row.id))
    found = (file_for((SHEET, sheet), question_id, reader) for sheet in sheets if sheet)
    return next((file for file in found if file), None) or abort(404)
