"""Making a candidature of an accepted application, and taking it back within a day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from programme.core.web.answers import button, carried_out, done, form_again
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.admission.admitting.actions import admit, take_back
from programme.strands.cohorts.admission.admitting.forms import form_for
from programme.strands.cohorts.admission.organising.application_page import PAGE, application_here, its_page, shown
from programme.strands.cohorts.admission.referees.queries import admission_of
from programme.strands.cohorts.admission.scopes import of_application

blueprint = Blueprint("admitting", __name__, url_prefix="/organise/applications/<id:registration_id>/candidature")


@blueprint.post("")
@needs(Verb.EDIT, of_application)
def make(registration_id: int) -> Any:
    """Make the candidature."""
    session = database_session()
    row = application_here(registration_id)
    form = form_for(admission_of(session, row), request.form)

    def verb() -> tuple[str, str]:
        made = admit(session, registration_id, form.wanted(), actor=actor(), now=g.now)
        return f"{row.name} is admitted, and their milestones are reckoned.", f"/records/{made.id}"

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(application_here(registration_id), form)))


@blueprint.post("/undoing")
@needs(Verb.EDIT, of_application)
@button(its_page)
def undo(registration_id: int) -> Any:
    """Take it back."""
    session = database_session()
    take_back(session, registration_id, actor=actor(), now=g.now)
    session.commit()
    return done("The candidature is taken back. The accepted place stays.", its_page(registration_id))
