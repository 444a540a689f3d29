"""How an opening decides: by whom, in how long, and until when answers may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.registration.deciding.forms import DecisionTermsForm, terms_data
from programme.engines.registration.deciding.queries import decision_terms, key_holders
from programme.extensions import database_session
from programme.flows.deciding.settings import set_terms
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from programme.engines.registration.deciding.forms import DecisionTermsForm as TermsForm

blueprint = Blueprint("opening_decisions", __name__, url_prefix="/organise/openings/<id:opening_id>/decisions")
PAGE = "roll/openings/decisions.html"
FIELDS = {"escalation_address": "escalation", "answers_until": "until"}


@blueprint.get("")
@needs(Verb.EDIT, of_opening)
def terms(opening_id: int) -> Any:
    """Show how an opening decides."""
    opening = opening_here(opening_id)
    form = DecisionTermsForm(data=terms_data(opening, decision_terms(database_session(), opening_id)))
    return render_template(PAGE, **shown(opening_id, form))


def shown(opening_id: int, form: TermsForm) -> dict[str, Any]:
    """Return what the page shows."""
    opening = opening_here(opening_id)
    return {
        **framed(database_session(), opening, now=g.now),
        "form": form,
        "holders": key_holders(opening),
    }


@blueprint.post("")
@needs(Verb.EDIT, of_opening)
def save(opening_id: int) -> Any:
    """Set how an opening decides; whose keys are asked for by it are told."""
    session, form = database_session(), DecisionTermsForm(request.form)
    if not form.validate():
        return form_again(PAGE, **shown(opening_id, form))
    try:
        asked = set_terms(session, opening_id, form.wanted(), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(Refusal(refusal.sentence, field=FIELDS.get(refusal.field or "", refusal.field)))
        return form_again(PAGE, **shown(opening_id, form))
    session.commit()
    told = f" Keys are asked for about {plural(asked, 'person', 'people')}." if asked else ""
    return done(f"Saved.{told}", f"/organise/openings/{opening_id}/decisions")
