"""Declining letters by the address in them: a page with a button for people, and one click for mail programs.

Whoever has the address may use it, without a cookie or an account (RFC 8058): it declines letters and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request

from programme.core.web.shield import from_anywhere
from programme.engines.mail.addresses import unsubscribing
from programme.engines.mail.addresses.states import OWN_WISHES
from programme.engines.mail.states import Scope
from programme.extensions import database_session
from programme.people.guards import secret_link

if TYPE_CHECKING:
    from flask import Response

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import MailRoom

blueprint = Blueprint("unsubscribing", __name__, url_prefix="/letters/<token>")
HERE, PAGE = "unsubscribe", "letters_declined/page.html"
FROM_PAGE = "from_page"
NAMES = {
    Scope.MARKETING: "news and invitations",
    Scope.SERVICE: "letters that organisers write to many people",
    Scope.EVERYTHING: "letters",
}


@blueprint.get("/unsubscribe")
@secret_link
def ask(token: str) -> Any:
    """Show what would stop, and a button: opening the address changes nothing, as mail filters open addresses too."""
    return shown(token, letter_or_404(token))


@blueprint.post("/unsubscribe")
@secret_link
@from_anywhere
def unsubscribe(token: str) -> Any:
    """Send no more of these letters. Mail programs get an answer at once: they must not be led elsewhere."""
    session, row = database_session(), letter_or_404(token)
    unsubscribing.unsubscribe(session, row, scope=scope_of(row), now=g.now)
    session.commit()
    return redirect(HERE, 303) if request.form.get(FROM_PAGE) else shown(token, row)


@blueprint.post("/subscription")
@secret_link
def subscribe(token: str) -> Any:
    """Send these letters again."""
    session, row = database_session(), letter_or_404(token)
    unsubscribing.subscribe(session, row, scope=scope_of(row), now=g.now)
    session.commit()
    return redirect(HERE, 303)


def shown(token: str, row: OutboxMessage) -> Response:
    """Return the page as things stand; it is in no cache and no index, as its address is a secret."""
    stands = unsubscribing.standing_wish(database_session(), row, scope=scope_of(row))
    page = render_template(
        PAGE,
        stands=stands,
        is_theirs=stands is not None and stands.cause in OWN_WISHES,
        what=NAMES[scope_of(row)],
        address=veiled(row.recipient),
        here=f"/letters/{token}",
        from_page=FROM_PAGE,
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def letter_or_404(token: str) -> OutboxMessage:
    """Return the letter of an address, if it is one of ours."""
    return unsubscribing.letter_by_token(database_session(), token, room=mail_room()) or abort(404)


def scope_of(row: OutboxMessage) -> Scope:
    """Return what one declines with a letter."""
    return unsubscribing.declinable_scope(mail_room(), row) or abort(404)


def veiled(address: str) -> str:
    """Return an address so that its owner knows it: the letter may have been passed on."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def mail_room() -> MailRoom:
    """Return the mail room of this installation."""
    room: MailRoom = current_app.extensions["mail_room"]
    return room
