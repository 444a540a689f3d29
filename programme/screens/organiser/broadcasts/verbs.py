"""Deciding about a letter to many: sent now or at a time, called off, made a draft again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.words import moment, plural
from programme.engines.mail.states import BroadcastState
from programme.extensions import database_session
from programme.flows.broadcasting import sending
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.broadcasts.forms import LATER, SendingForm, version_in
from programme.screens.organiser.broadcasts.page import answer
from programme.screens.organiser.broadcasts.scopes import HERE, address_of, broadcast_here, of_broadcast

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.mail.written.models import Broadcast

blueprint = Blueprint("broadcast_verbs", __name__, url_prefix=HERE)


@blueprint.post("/<id:broadcast_id>/sending")
@needs(Verb.DECIDE, of_broadcast)
def send(broadcast_id: int) -> Any:
    """Send it, now or at a time, once the number of people is confirmed."""
    session, form = database_session(), SendingForm(request.form)
    if not is_complete(form):
        return answer(broadcast_here(broadcast_id), form, code=422)
    try:
        row = sending.send(
            session,
            broadcast_id,
            count=form.count.data or 0,
            version=version_in(form),
            at=time_of(form),
            actor=actor(),
            now=g.now,
        )
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        form.version.data = str(broadcast_here(broadcast_id).version)
        return answer(broadcast_here(broadcast_id), form, code=422)
    session.commit()
    return done(sentence(row), address_of(broadcast_id))


def is_complete(form: SendingForm) -> bool:
    """Whether a confirmation says everything; what is missing is said at its field."""
    valid = form.validate()
    if form.when.data == LATER and form.at.data is None and not form.at.errors:
        form.refuse(Refusal("Enter the day and the time.", field="at"))
        return False
    return valid


def time_of(form: SendingForm) -> datetime | None:
    """Return when it shall go; None is now."""
    return form.at.data if form.when.data == LATER else None


def sentence(row: Broadcast) -> str:
    """Say what is done."""
    people = plural(row.counted, "person", "people")
    if row.state is BroadcastState.SCHEDULED and row.send_at is not None:
        return f"It goes to {people} on {moment(row.send_at)}."
    return f"On its way to {people}."


@blueprint.post("/<id:broadcast_id>/cancellation")
@needs(Verb.DECIDE, of_broadcast)
@button(address_of)
def cancel(broadcast_id: int) -> Any:
    """Call it off; letters that have not gone are taken back."""
    taken = sending.call_off(database_session(), broadcast_id, actor=actor(), now=g.now)
    database_session().commit()
    said = f"It is called off. {plural(taken, 'letter')} taken back." if taken else "It is called off."
    return done(said, address_of(broadcast_id))


@blueprint.post("/<id:broadcast_id>/draft")
@needs(Verb.DECIDE, of_broadcast)
@button(address_of)
def reopen(broadcast_id: int) -> Any:
    """Make it a draft again: to change it, or to take over what a colleague may not send any more."""
    sending.reopen(database_session(), broadcast_id, actor=actor(), now=g.now)
    database_session().commit()
    return done("It is a draft again. Look at it, then send it.", address_of(broadcast_id))
