"""Files that came with answers, for organisers who may read them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from programme.engines.documents.ports import Reader
from programme.engines.registration.models import Registration
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.registrations.answering.files import file_of_answer
from programme.screens.roll.scopes import of_registration

blueprint = Blueprint("answer_files", __name__, url_prefix="/organise/registrations/<id:registration_id>/files")


@blueprint.get("/<id:question_id>")
@needs(Verb.SEE_PEOPLE, of_registration)
def answer_file(registration_id: int, question_id: int) -> Any:
    """Give the file that answers a question; a sensitive one only within one's rights."""
    row = database_session().get_one(Registration, registration_id)
    return file_of_answer(row, question_id, Reader(actor()))
