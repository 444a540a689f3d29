"""How views answer: a form again with 422, a message with 303, a page that is kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, flash, make_response, redirect, render_template, request

from programme.core.refusal import Meanwhile, Refusal
from programme.extensions import database_session

if TYPE_CHECKING:
    from programme.core.web.forms import Form

View = TypeVar("View", bound=Callable[..., Any])
MOST_OCTETS = 12 * 1024 * 1024


def form_again(template: str, **variables: Any) -> Response:
    """Show the form as it was typed, with its problems."""
    return make_response(render_template(template, **variables), 422)


def seen_again(refusal: Refusal, seen: str, *, now: str) -> str:
    """Return from what a form that was refused is made: as it is `now` where its reader is told of the change."""
    return now if isinstance(refusal, Meanwhile) else seen


def done(sentence: str, address: str) -> Any:
    """Say what happened on the next page."""
    flash(sentence, "ok")
    return redirect(address, 303)


def refused(refusal: Refusal, address: str) -> Any:
    """Say why not on the next page; whatever was begun is rolled back."""
    database_session().rollback()
    flash(refusal.sentence, "bad")
    return redirect(address, 303)


def carried_out(form: Form, verb: Callable[[], tuple[str, str]], again: Callable[[], Any]) -> Any:
    """Do what a form asks for, and say so on the next page; where it is refused, show the form `again` as it was typed.

    `verb` returns the sentence and the address of that page; what it did is committed.
    """
    if not form.validate():
        return again()
    session = database_session()
    try:
        sentence, address = verb()
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return again()
    session.commit()
    return done(sentence, address)


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


class KeptPages:
    """The pages that were drawn last, up to so many octets; one an application, shared by its threads, disposable."""

    def __init__(self, most: int = MOST_OCTETS) -> None:
        self.most = most
        self.octets = 0
        self.pages: OrderedDict[Hashable, bytes] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        """Return a page, if it is kept."""
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
            return self.pages.get(key)

    def keep(self, key: Hashable, page: bytes) -> None:
        """Keep a page, and throw away the longest unused ones for it."""
        with self.lock:
            self.octets += len(page) - len(self.pages.pop(key, b""))
            self.pages[key] = page
            while self.octets > self.most:
                self.octets -= len(self.pages.popitem(last=False)[1])
