"""How views answer: a form again with 422, a message with 303."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, flash, make_response, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.extensions import database_session

View = TypeVar("View", bound=Callable[..., Any])


def form_again(template: str, **variables: Any) -> Response:
    """Show the form as it was typed, with its problems."""
    return make_response(render_template(template, **variables), 422)


def done(sentence: str, address: str) -> Any:
    """Say what happened on the next page."""
    flash(sentence, "ok")
    return redirect(address, 303)


def refused(refusal: Refusal, address: str) -> Any:
    """Say why not on the next page; whatever was begun is rolled back."""
    database_session().rollback()
    flash(refusal.sentence, "bad")
    return redirect(address, 303)


def button(back: Callable[..., str]) -> Callable[[View], Any]:
    """For a view behind a button: a Refusal becomes a message on the page `back(**view arguments)`."""

    def decorate(view: View) -> Any:
        @wraps(view)
        def answered(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except Refusal as refusal:
                return refused(refusal, back(**arguments))

        return answered

    return decorate


def reading_first(view: View) -> View:
    """For a view that checks what was sent before it writes: it begins as a reader, and calls `go_on_writing` itself.

    Others need not wait while it reads; so it is for verbs that many people use at once.
    """
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def reads_first(view: object) -> bool:
    """Whether a view begins as a reader although its method writes."""
    return bool(getattr(view, "reads_first", False))


def own_path(text: str | None, *, default: str) -> str:
    """Return `text` where it is a path of this site, else `default`: no open redirects."""
    candidate = (text or "").strip()
    local = candidate.startswith("/") and not candidate.startswith(("//", "/\\")) and candidate.isprintable()
    return candidate if local and "\\" not in candidate else default


def wants_json() -> bool:
    """Whether the client asked for JSON rather than a page."""
    return request.accept_mimetypes.best == "application/json"
