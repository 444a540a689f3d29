"""Another address of one's own: asked for here, proved by a link that goes there, confirmed by a button."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, make_response, render_template, request

from programme.core.refusal import Refusal
from programme.core.tokens import token_hash
from programme.core.web.answers import done, form_again, refused
from programme.core.web.limits import limited
from programme.extensions import database_session
from programme.flows.addresses import changing
from programme.flows.notices.people.addresses import proved_address
from programme.people.forms import AddressForm
from programme.people.guards import actor, signed_in
from programme.screens.account.own import HERE, me, shown

blueprint = Blueprint("own_address", __name__, url_prefix=f"{HERE}/address")


def typed_address() -> str:
    """Return what the limit on letters to one address counts by: nothing that names anybody."""
    return token_hash(request.form.get("address", "").strip().casefold())


@blueprint.post("")
@signed_in
@limited("SIGN_IN_LIMIT")
@limited("SIGN_IN_ADDRESS_LIMIT", key=typed_address)
def ask() -> Any:
    """Send a link to the new address."""
    typed, session = AddressForm(request.form), database_session()
    if typed.validate():
        try:
            changing.ask(session, me(), typed.address.data, now=g.now)
            session.commit()
            return done(f"Open the link that is on its way to {typed.address.data}. Until then nothing changes.", HERE)
        except Refusal as refusal:
            session.rollback()
            typed.refuse(refusal)
    return form_again("account/page.html", **shown(address_form=typed, form=typed))


@blueprint.get("/<token>")
@signed_in
def page(token: str) -> Any:
    """Show the button that changes it: opening the link changes nothing, as mail scanners open links too."""
    try:
        address = proved(token)
    except Refusal as refusal:
        return refused(refusal, HERE)
    answer = make_response(render_template("account/address.html", address=address))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.post("/<token>")
@signed_in
def change(token: str) -> Any:
    """Change it, wherever it stands."""
    session = database_session()
    private = frozenset(
        one.name for one in current_app.extensions["mail_room"].letters.values() if one.is_for_one_address
    )
    try:
        person = changing.change(session, actor().person_id or 0, proved(token), private=private, now=g.now)
    except Refusal as refusal:
        return refused(refusal, HERE)
    session.commit()
    return done(f"Letters come to {person.address} from now on, and you sign in with it.", HERE)


def proved(token: str) -> str:
    """Return the address that a link proves, for whoever asked for it."""
    links = current_app.extensions["links"]
    return proved_address(database_session(), token, person_id=actor().person_id or 0, links=links, now=g.now)
