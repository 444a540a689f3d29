"""A letter's HTML inside a page: in a frame that runs nothing, loads nothing, and may only follow links."""

from __future__ import annotations

from flask import Response

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)


def framed(html: str) -> Response:
    """Answer with a letter's HTML; its links leave the frame."""
    response = Response(html.replace("<head>", '<head><base target="_top">', 1), mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
