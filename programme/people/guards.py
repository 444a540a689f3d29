"""Guards of routes: every view declares one, and a test lists them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

from flask import abort, g, make_response, redirect, request

from programme.extensions import database_session
from programme.people.permissions import NOBODY, Actor, Scope, Verb, may

View = TypeVar("View", bound=Callable[..., Any])
ScopeLoader = Callable[..., Scope | None]


def actor() -> Actor:
    """Return who is acting in this request: for edges only; below, the actor is passed."""
    found: Actor = g.get("actor", NOBODY)
    return found


def public(view: View) -> Any:
    """Anyone may come; what they see is decided inside by visibility."""
    return declare(view, "public")


def secret_link(view: View) -> Any:
    """Whoever holds the secret in the address may come. What stands there is for them: nobody lists or keeps it."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        answer = make_response(view(**arguments))
        if answer.status_code != HTTPStatus.NOT_MODIFIED:
            answer.headers.setdefault("X-Robots-Tag", "noindex")
            answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer

    return declare(guarded, "secret link")


def signed_in(view: View) -> Any:
    """Only somebody signed in; others are led to the sign-in page and back."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        return view(**arguments) if actor().is_signed_in else to_sign_in()

    return declare(guarded, "signed in")


def organisers(view: View) -> Any:
    """Only those with something to organise."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if not actor().is_signed_in:
            return to_sign_in()
        return view(**arguments) if actor().may_organise else abort(403)

    return declare(guarded, "organisers")


def sum_readers(view: View) -> Any:
    """Only those who organise something, or look at sums for a partner authority."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if not actor().is_signed_in:
            return to_sign_in()
        return view(**arguments) if actor().may_organise or actor().may_see_sums else abort(403)

    return declare(guarded, "organisers and partners")


def administrators(view: View) -> Any:
    """Only those who run the installation."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if not actor().is_signed_in:
            return to_sign_in()
        return view(**arguments) if actor().is_administrator else abort(403)

    return declare(guarded, "administrators")


def needs(verb: Verb, load_scope: ScopeLoader) -> Callable[[View], Any]:
    """Only those who may do `verb` to the thing of the address.

    `load_scope(session, **view_arguments)` answers with its Scope, or None (404). Someone without any right
    over a thing gets 404 too where the verb is seeing: its existence is nobody's business.
    """

    def decorate(view: View) -> Any:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if not actor().is_signed_in:
                return to_sign_in()
            scope = load_scope(database_session(), **arguments)
            if scope is None:
                abort(404)
            if not may(actor(), verb, scope):
                abort(403)
            return view(**arguments)

        return declare(guarded, f"may {verb.value}")

    return decorate


def declare(view: Any, guard: str) -> Any:
    """Write the guard on the view, for the test that lists them."""
    view.guard = guard
    return view


def to_sign_in() -> Any:
    """Lead to the sign-in page, and back here afterwards where that is safe to repeat."""
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(f"/sign-in?next={quote(back)}" if back else "/sign-in", 303)
