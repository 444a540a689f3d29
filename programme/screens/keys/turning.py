"""One key, for the organisers of what it decides about: turn it, or give it to another person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.engines.approvals.rights import holds
from programme.engines.approvals.states import KeyState
from programme.extensions import database_session
from programme.flows.deciding import keys
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.keys.forms import DelegateForm, TurnForm
from programme.screens.keys.scopes import described, key_here, of_key, subjects

if TYPE_CHECKING:
    from programme.engines.approvals.actions import Turned
    from programme.engines.approvals.models import ApprovalKey

blueprint = Blueprint("keys", __name__, url_prefix="/organise/keys/<id:key_id>")
PAGE = "keys/key.html"
SAID = {KeyState.YES: "Your key says yes.", KeyState.NO: "Your key says no."}


def here(key_id: int) -> str:
    """Return the address of a key's page."""
    return f"/organise/keys/{key_id}"


@blueprint.get("")
@needs(Verb.DECIDE, of_key)
def key(key_id: int) -> Any:
    """Show a key, and the forms that turn it or give it away."""
    return render_template(PAGE, **shown(key_here(key_id), TurnForm(), DelegateForm()))


def shown(row: ApprovalKey, form: TurnForm, to: DelegateForm, wrong: Any = None) -> dict[str, Any]:
    """Return what the page shows."""
    subject, approval = subjects()[row.approval.subject_kind], row.approval
    scope = of_key(database_session(), row.id)
    is_own = scope is not None and holds(actor(), row, scope)
    apart = subject.kept_out(database_session(), approval.subject_id, actor().person_id) if is_own else ""
    return {
        "key": row,
        "thing": described(approval),
        "facts": subject.facts(database_session(), approval.subject_id),
        "form": wrong or form,
        "turn": form,
        "to": to,
        "is_own": is_own and not apart,
        "apart": apart,
        "waits": row.state is KeyState.WAITING,
        "here": here(row.id),
        "section": "registrations",
    }


@blueprint.post("/decision")
@needs(Verb.DECIDE, of_key)
@button(here)
def decide(key_id: int) -> Any:
    """Turn the key."""
    session, form = database_session(), TurnForm(request.form)
    if not form.validate():
        return form_again(PAGE, **shown(key_here(key_id), form, DelegateForm()))
    turned = keys.turn_key(session, key_id, form.turn(), subjects=subjects(), actor=actor(), now=g.now)
    address = described(turned.key.approval).path
    session.commit()
    return done(sentence(turned), address)


def sentence(turned: Turned) -> str:
    """Say what a turn came to."""
    if not turned.changed:
        return f"{SAID[turned.key.state]} It did so before."
    if turned.decided:
        return f"{SAID[turned.key.state]} That decides it, and a letter says so."
    return f"{SAID[turned.key.state]} The other key is still to be turned."


@blueprint.post("/delegation")
@needs(Verb.DECIDE, of_key)
@button(here)
def delegate(key_id: int) -> Any:
    """Give the key to another person."""
    session, form = database_session(), DelegateForm(request.form)
    if not form.validate():
        return form_again(PAGE, **shown(key_here(key_id), TurnForm(), form, wrong=form))
    name, address = form.name.data, form.address.data
    try:
        keys.delegate_key(session, key_id, name=name, address=address, subjects=subjects(), actor=actor(), now=g.now)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(key_here(key_id), TurnForm(), form, wrong=form))
    session.commit()
    return done(f"A link to decide goes to {address}. Links sent before open nothing any more.", here(key_id))


@blueprint.post("/delegation/end")
@needs(Verb.DECIDE, of_key)
@button(here)
def take_back(key_id: int) -> Any:
    """Let only its organisers turn the key again."""
    session = database_session()
    keys.take_back_delegation(session, key_id, subjects=subjects(), actor=actor(), now=g.now)
    session.commit()
    return done("The key is yours again. The link that was sent opens nothing any more.", here(key_id))
