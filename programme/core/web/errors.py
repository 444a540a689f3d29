"""Error pages 400 to 503 in the site's own look."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from flask import Flask, make_response, render_template, request
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from programme.core.journal import route
from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from flask import Response

log = structlog.get_logger(__name__)

WORDS: dict[int, tuple[str, str]] = {
    400: (
        "We could not read that",
        "Something in the address or the form was not as we expect it. Go back and try again.",
    ),
    403: (
        "This is not yours to see",
        "It belongs to somebody else’s work. If it should be yours, ask whoever runs it to share it with you.",
    ),
    404: ("There is nothing here", "The page may have moved, or the address may be mistyped."),
    405: ("That does not work here", "This address cannot be used that way. Go back and use the button on the page."),
    409: ("Somebody was faster", "This changed while you were looking at it. Go back, look again, and repeat it."),
    410: ("This address has ended", "It was withdrawn or replaced by a new one."),
    413: ("That is too large", "Send less at once: a smaller file, or shorter answers."),
    414: ("The address is too long", "Shorten the search or start again from the page."),
    415: ("We cannot read that kind of file", "Send the form from the page, or another kind of file."),
    429: (
        "Too many at once",
        "Many requests came from where you are. Wait a minute and try again; nothing is lost.",
    ),
    431: (
        "Your browser sends too much",
        "Delete what your browser has kept for this site (its cookies), and try again.",
    ),
    500: (
        "Something broke on our side",
        "It is not your fault, and it has been written down for us. Try again in a minute.",
    ),
    503: ("We will be back in a minute", "The programme is being looked after. Try again shortly."),
}


def handle_errors(app: Flask) -> None:
    """Answer every error of `app` with a page people understand."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Refusal, refusal_page)
    app.register_error_handler(DataError, unstorable)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(Exception, crash)


def page(code: int, *, sentence: str | None = None) -> Response:
    """Return the page for `code`; `sentence` replaces the usual one."""
    title, usual = WORDS.get(code, WORDS[500] if code >= HTTPStatus.INTERNAL_SERVER_ERROR else WORDS[400])
    html = render_template("errors/error.html", code=code, title=title, sentence=sentence or usual, way_out=None)
    return make_response(html, code)


def http_error(error: HTTPException) -> Response | HTTPException:
    """Show an HTTP error in our look, with the headers it came with."""
    code = error.code or 500
    if code < HTTPStatus.BAD_REQUEST:
        return error
    response = page(code, sentence=getattr(error, "sentence", None))
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def refusal_page(refusal: Refusal) -> Response:
    """Show a refusal that no view turned into a message of its own."""
    return page(409, sentence=refusal.sentence)


def unstorable(error: DataError) -> Response:
    """Show that the database could not hold what was sent."""
    log.warning("unstorable", route=route(), error=str(error.orig))
    return page(400)


def database_away(error: OperationalError) -> Response:
    """Show that the database does not answer just now."""
    log.error("database_away", error=str(error.orig))
    return page(503)


def crash(error: Exception) -> Response:
    """Show that something broke, and write it down."""
    log.error("crash", route=route(), method=request.method, exc_info=error)
    return page(500)
