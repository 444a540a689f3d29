"""What every request and answer must be: same-site writes, clean text, strict headers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import abort, request

if TYPE_CHECKING:
    from flask import Flask, Response

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; frame-src 'self'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def raise_shield(app: Flask) -> None:
    """Check every request of `app` and put the headers on every answer."""
    app.before_request(refuse_foreign_writes)
    app.before_request(refuse_unstorable_text)
    app.after_request(put_headers)


def refuse_foreign_writes() -> None:
    """Refuse a write that another site's page made the browser send.

    Browsers say where a request comes from (Sec-Fetch-Site, else Origin); clients that are not browsers send
    neither and carry no cookies of ours. Decision 0003 says why this and no token in the form.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def refuse_unstorable_text() -> None:
    """Refuse what no database can hold, in the address: NUL, and bytes that are no text."""
    if "\0" in request.path or b"%00" in request.query_string or "\ufffd" in request.path:
        abort(400)
    if any("\ufffd" in value for values in request.args.listvalues() for value in values):
        abort(400)


def put_headers(response: Response) -> Response:
    """Put the strict headers on, except where the view set its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
