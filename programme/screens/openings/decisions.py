"""How an opening decides: by whom, in how long, and until when answers may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.words import plural
from programme.engines.registration.deciding.forms import DecisionTermsForm, HolderForm, terms_data
from programme.engines.registration.deciding.queries import decision_terms, key_holders, keyed_terms, named_holders
from programme.extensions import database_session
from programme.flows.deciding.settings import name_holder, set_terms
from programme.people.guards import actor, needs
from programme.people.permissions import Scope, Verb, may
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from programme.engines.registration.deciding.forms import DecisionTermsForm as TermsForm
    from programme.engines.registration.models import Opening
    from programme.people.models import Organisation

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


def shown(opening_id: int, form: TermsForm, wrong: HolderForm | None = None) -> dict[str, Any]:
    """Return what the page shows; `wrong` is the form of who turns the own key, as it was sent."""
    session, opening = database_session(), opening_here(opening_id)
    named = named_holders(session, opening_id)
    own = own_of(opening)
    data = {"name": named[own.id].name, "address": named[own.id].address} if own and own.id in named else {}
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "holders": key_holders(opening),
        "by_keys": keyed_terms(session, opening) is not None,
        "named": named,
        "own": own,
        "holder_form": wrong or HolderForm(data=data),
        "wrong": wrong,
    }


def own_of(opening: Opening) -> Organisation | None:
    """Return the organisation whose key the acting person may name somebody for."""
    held = (one for one in key_holders(opening) if may_decide_for(one.id, opening))
    return next(held, None)


def may_decide_for(organisation_id: int, opening: Opening) -> bool:
    """Whether the acting person decides for an organisation."""
    return may(actor(), Verb.DECIDE, Scope(lead=organisation_id, strand=opening.strand))


@blueprint.post("/holders/<id:organisation_id>")
@needs(Verb.EDIT, of_opening)
@button(lambda opening_id, **_: home(opening_id))
def holder(opening_id: int, organisation_id: int) -> Any:
    """Name who turns an organisation's keys from now on."""
    session, typed = database_session(), HolderForm(request.form)
    if not typed.validate():
        stored = terms_data(opening_here(opening_id), decision_terms(session, opening_id))
        return form_again(PAGE, **shown(opening_id, DecisionTermsForm(data=stored), typed))
    name, address = typed.name.data or "", typed.address.data or ""
    name_holder(session, opening_id, organisation_id, name=name, address=address, actor=actor(), now=g.now)
    session.commit()
    said = f"{name or address} gets the keys" if address else "Any of your organisers turns the keys"
    return done(f"Saved. {said} of whoever registers from now on.", home(opening_id))


def home(opening_id: int) -> str:
    """Return the address of the page."""
    return f"/organise/openings/{opening_id}/decisions"


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
    return done(f"Saved.{told}", home(opening_id))
