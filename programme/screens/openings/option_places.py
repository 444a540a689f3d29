"""How many may choose each option of a question: of the form that one registers with, not of the one that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request

from programme.core.web.answers import done, form_again
from programme.engines.questionnaire import conditions
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.ruling import places_form
from programme.people.guards import needs
from programme.people.permissions import Verb
from programme.screens.openings.questions import change_form, here
from programme.screens.openings.rules import PREFIX, of_question, shown
from programme.screens.roll.scopes import of_opening

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Questionnaire

blueprint = Blueprint("option_places", __name__, url_prefix=PREFIX)
PLACES = "roll/questions/places.html"


@blueprint.get("/places")
@needs(Verb.EDIT, of_opening)
def places(opening_id: int, question_id: int) -> Any:
    """Show how many may choose each option."""
    opening, row = of_question(opening_id, question_id)
    if not KINDS[row.kind].has_places:
        abort(404)
    return render_template(PLACES, **shown(opening, row, places_form(row)))


@blueprint.post("/places")
@needs(Verb.EDIT, of_opening)
def limit_options(opening_id: int, question_id: int) -> Any:
    """Say how many may choose each option."""
    opening, row = of_question(opening_id, question_id)
    form = places_form(row, request.form)
    if not KINDS[row.kind].has_places:
        abort(404)
    if not form.validate():
        return form_again(PLACES, **shown(opening, row, form))

    def changed(session: Session, sheet: Questionnaire) -> str:
        del sheet
        conditions.limit_options(session, row, form.values())
        return row.label

    change_form(opening_id, "changed the places of options", changed)
    return done(f"The places of “{row.label}” are saved.", f"{here(opening_id)}#question-{question_id}")
