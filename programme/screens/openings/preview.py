"""The form of an opening as people see it, to try out: what is typed there goes nowhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from programme.core.web.answers import form_again, reading_first
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.forms import QuestionsForm, form_class
from programme.engines.registration.openings.options import full_options
from programme.engines.registration.openings.parts import with_parts
from programme.extensions import database_session
from programme.people.guards import needs
from programme.people.permissions import Verb
from programme.people.queries import organisations
from programme.screens.openings.second.which import form_of, framed_form
from programme.screens.roll.scopes import of_opening, opening_here

blueprint = Blueprint("form_preview", __name__, url_prefix="/organise/openings/<id:opening_id>/questions/preview")
TEMPLATE = "roll/questions/preview.html"


@blueprint.get("")
@needs(Verb.EDIT, of_opening)
def preview(opening_id: int) -> Any:
    """Show the form as participants see it."""
    form, values = sample(opening_id)
    return render_template(TEMPLATE, form=form, **values)


@blueprint.post("")
@reading_first
@needs(Verb.EDIT, of_opening)
def trial(opening_id: int) -> Any:
    """Say what would become of answers; nothing is kept."""
    form, values = sample(opening_id, request.form)
    if not form.validate():
        return form_again(TEMPLATE, form=form, **values)
    return render_template(TEMPLATE, form=form, is_right=True, **values)


def sample(opening_id: int, typed: Any = None) -> tuple[QuestionsForm, dict[str, Any]]:
    """Return the form, and what its page shows around it."""
    session, opening = database_session(), opening_here(opening_id)
    asked = with_parts(session, opening.id, asked_by(form_of(opening)))
    form = form_class(QuestionsForm, asked)(typed)
    form.mark_full(full_options(session, opening.id, form.asked))
    names = [row.name for row in organisations(session)]
    return form, {**framed_form(opening), "organisations": names}
