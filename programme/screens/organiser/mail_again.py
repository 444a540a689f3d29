"""Sending a letter once more: to an address that is to be tried again, or with a note above it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.engines.mail.addresses.suppression.trying_again import send_again, try_again_here
from programme.engines.mail.forms import AgainForm
from programme.extensions import database_session
from programme.people.guards import actor, organisers
from programme.screens.organiser.mail import HERE, address_of, own_letter

blueprint = Blueprint("organiser_mail_again", __name__, url_prefix=HERE)


@blueprint.post("/<id:message_id>/address-attempts")
@organisers
@button(address_of)
def try_address(message_id: int) -> Any:
    """Let letters go to this address again, and this one first."""
    try_again_here(database_session(), own_letter(message_id), actor(), g.now)
    database_session().commit()
    return done("Letters go to this address again, and this one is in the queue.", address_of(message_id))


@blueprint.post("/<id:message_id>/copies")
@organisers
@button(address_of)
def copy(message_id: int) -> Any:
    """Send a letter once more, with a note above it."""
    form = AgainForm(request.form)
    if not form.validate():
        raise Refusal(str(next(iter(form.errors.values()))[0]))
    send_again(database_session(), own_letter(message_id), note=form.note.data, actor=actor(), now=g.now)
    database_session().commit()
    return done("It is in the queue once more, with your note above it.", address_of(message_id))
