"""Signing in by a link: asked for, shown, confirmed by a button; and signing out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request
from sqlalchemy.exc import OperationalError

from programme.core.refusal import Refusal
from programme.core.tokens import token_hash
from programme.core.web.answers import form_again, own_path
from programme.core.web.limits import limited
from programme.core.web.shield import SAFE_METHODS
from programme.extensions import database_session, db
from programme.flows.notices.people import accounts
from programme.people import signing_in
from programme.people.forms import NewAccountForm, SignInForm
from programme.people.guards import actor, public, secret_link
from programme.people.identity import COOKIE, SIGNED_IN_FOR
from programme.screens.account.browsers import browser_name

if TYPE_CHECKING:
    from flask import Response

    from programme.people.models import SignInLink

blueprint = Blueprint("sign_in", __name__)
AFTERWARDS = "/me"


def typed_address() -> str:
    """Return what the limit on letters to one address counts by: nothing that names anybody."""
    return token_hash(request.form.get("address", "").strip().casefold())


@blueprint.get("/sign-in")
@public
def form() -> Any:
    """Ask where the link shall go; somebody signed in goes on at once."""
    onward = own_path(request.args.get("next"), default="")
    if actor().is_signed_in:
        return redirect(onward or AFTERWARDS, 303)
    return render_template("sign_in/form.html", form=SignInForm(next=onward))


@blueprint.post("/sign-in")
@public
@limited("SIGN_IN_LIMIT")
@limited("SIGN_IN_ADDRESS_LIMIT", key=typed_address)
def ask() -> Any:
    """Queue the letter with the link; the answer is the same for every address."""
    typed = SignInForm(request.form)
    if not typed.validate():
        return form_again("sign_in/form.html", form=typed)
    session = database_session()
    onward = own_path(typed.next.data, default="")
    asked = signing_in.ask(session, typed.address.data, next_path=onward, now=g.now)
    accounts.send_link(session, asked, browser=this_browser(), now=g.now)
    session.commit()
    return redirect("/sign-in/sent", 303)


@blueprint.get("/sign-in/sent")
@public
def sent() -> Any:
    """Say where to look now."""
    return render_template("sign_in/sent.html", demo=current_app.extensions["settings"].demo)


@blueprint.get("/sign-in/<token>")
@secret_link
def link(token: str) -> Any:
    """Show the button that signs in: opening the link changes nothing, as mail scanners open links too."""
    try:
        found = signing_in.usable_link(database_session(), token, now=g.now)
    except Refusal as refusal:
        return ended(refusal)
    return unshared(make_response(link_page(found, NewAccountForm())))


@blueprint.post("/sign-in/<token>")
@secret_link
@limited("SIGN_IN_LIMIT")
def confirm(token: str) -> Any:
    """Sign this browser in and lead it to where it wanted to go."""
    session = database_session()
    typed = NewAccountForm(request.form)
    try:
        found = signing_in.usable_link(session, token, now=g.now)
        if found.person_id is None and not typed.validate():
            return unshared(make_response(link_page(found, typed), 422))
        name = typed.name.data or ""
        _, secret = signing_in.confirm(session, token, name=name, browser=this_browser(), now=g.now)
    except Refusal as refusal:
        return ended(refusal)
    session.commit()
    return with_cookie(redirect(own_path(found.next_path, default=AFTERWARDS), 303), secret)


@blueprint.post("/sign-out")
@public
def sign_out() -> Any:
    """Sign this browser out: its row ends, so that a copy of the cookie is worth nothing."""
    who = actor()
    if who.person_id is not None and who.session_id is not None:
        signing_in.revoke(database_session(), who.session_id, person_id=who.person_id, now=g.now)
        database_session().commit()
    flash("You are signed out.", "ok")
    answer = redirect("/", 303)
    answer.delete_cookie(COOKIE, secure=is_secure(), httponly=True, samesite="Lax")
    return answer


@blueprint.after_app_request
def mark_seen(answer: Response) -> Response:
    """Note now and then that this browser was here; while the database is busy, the mark can wait."""
    who = actor()
    if who.session_id is not None and who.seen_at is not None and request.method in SAFE_METHODS:
        with suppress(OperationalError):
            signing_in.mark_seen(db.engine, who.session_id, seen_at=who.seen_at, now=g.now)
    return answer


def link_page(found: SignInLink, typed: NewAccountForm) -> str:
    """Return the page with the button."""
    return render_template("sign_in/link.html", form=typed, address=found.address, is_new=found.person_id is None)


def ended(refusal: Refusal) -> Any:
    """Say why the link signs nobody in, with a way to a new one; a browser signed in by it just goes on."""
    database_session().rollback()
    if actor().is_signed_in and refusal.sentence == signing_in.USED_LINK:
        return redirect(AFTERWARDS, 303)
    return unshared(make_response(render_template("sign_in/ended.html", sentence=refusal.sentence), 410))


def unshared(answer: Response) -> Response:
    """Keep a page whose address is a secret out of every cache and index."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def with_cookie(answer: Any, secret: str) -> Any:
    """Give the browser its secret for thirty days; no script can read it, no other site's form can use it."""
    lasts = int(SIGNED_IN_FOR.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=lasts, secure=is_secure(), httponly=True, samesite="Lax")
    return answer


def is_secure() -> bool:
    """Whether people come over https."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def this_browser() -> str:
    """Return what the asking browser calls itself, in words."""
    return browser_name(request.user_agent.string)
