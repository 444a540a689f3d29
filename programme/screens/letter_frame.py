"""A letter's HTML inside a page: in a frame that runs nothing, loads nothing, and may only follow links."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template

from programme.core.web import shield

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)
AROUND = f"{shield.POLICY}; object-src 'self'"
"""The policy of a page that shows a letter, which it does as an object of its own."""
SANDBOX = "allow-top-navigation-by-user-activation"
WITHIN = shield.POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""The policy of a page that holds a letter within itself: a frame that has no address has the policy of its page."""


def framed(html: str) -> Response:
    """Answer with a letter's HTML; its links leave the frame."""
    response = Response(html.replace("<head>", '<head><base target="_top">', 1), mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def page_around(template: str, **variables: Any) -> Response:
    """Answer with a page that shows a letter by the macro `shown_letter`."""
    response = make_response(render_template(template, **variables))
    response.headers["Content-Security-Policy"] = AROUND
    return response


def page_with(template: str, *, html: str, **variables: Any) -> Response:
    """Answer with a page that holds a letter's HTML, which stands nowhere else: in a frame that runs nothing either."""
    framed_html = html.replace("<head>", '<head><base target="_top">', 1)
    response = make_response(render_template(template, framed_html=framed_html, sandbox=SANDBOX, **variables))
    response.headers["Content-Security-Policy"] = WITHIN
    response.headers["Cache-Control"] = "private, no-store"
    return response
