"""The tray of answers that nobody could act on by itself: which, why, and what to do about each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select

from programme.core.web.answers import button, done
from programme.core.web.lists import one_of, page_number, page_of
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.replies.models import OddReply
from programme.engines.registration.replies.queries import concerning, counts_by_state, tray
from programme.engines.registration.replies.states import TrayState
from programme.extensions import database_session
from programme.flows.replying.tray import apply_reply, dismiss_reply, may_apply
from programme.people.guards import actor, organisers
from programme.people.permissions import Verb, may

blueprint = Blueprint("organiser_replies", __name__, url_prefix="/organise/mail/answers")
HERE, PAGE = "/organise/mail/answers", "organiser/replies/tray.html"
BEFORE = "Somebody has decided about this answer already."


@blueprint.get("")
@organisers
def listing() -> Any:
    """List the answers that wait, or those that were decided about."""
    session = database_session()
    asked = one_of(request.args.get("state", ""), {one.value for one in TrayState}, label="state")
    state = TrayState(asked) if asked else TrayState.WAITING
    page = page_of(session, tray(actor(), state=state), number=page_number(request.args.get("page")))
    return render_template(
        PAGE,
        page=page,
        state=state,
        counts=counts_by_state(session, actor()),
        states=list(TrayState),
        applicable={row.id for row in page if may_apply(row) and may_decide(row)},
    )


@blueprint.post("/<id:reply_id>/application")
@organisers
@button(lambda reply_id: HERE)  # noqa: ARG005  named as in the address
def apply(reply_id: int) -> Any:
    """Let an answer count after all."""
    session, row = database_session(), own_or_404(reply_id)
    if row.registration is not None and not may_decide(row):
        abort(403)
    is_done = apply_reply(session, row, actor=actor(), now=g.now)
    session.commit()
    return done("The answer counts now, and whoever it concerns is told." if is_done else BEFORE, HERE)


@blueprint.post("/<id:reply_id>/dismissal")
@organisers
@button(lambda reply_id: HERE)  # noqa: ARG005  named as in the address
def dismiss(reply_id: int) -> Any:
    """Put an answer aside."""
    session, row = database_session(), own_or_404(reply_id)
    is_done = dismiss_reply(session, row, actor=actor(), now=g.now)
    session.commit()
    return done("The answer is put aside. Nothing else has changed." if is_done else BEFORE, HERE)


def own_or_404(reply_id: int) -> OddReply:
    """Return a reply that the actor may look at: others are nobody's business here."""
    mine = select(OddReply).where(OddReply.id == reply_id, concerning(actor()))
    return database_session().scalars(mine).one_or_none() or abort(404)


def may_decide(row: OddReply) -> bool:
    """Whether the actor may decide about whoever a reply is about."""
    return row.registration is not None and may(actor(), Verb.DECIDE, opening_scope(row.registration.opening))
