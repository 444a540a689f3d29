"""The least that a server can do, under the same server: a plain Flask route with ready bytes, and one with a 304."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response

from programme.commands.serving import serve

if TYPE_CHECKING:
    from programme.config import Settings

BODY = "BARE_BODY"
"""The variable that names the file with the bytes."""
TYPE = "text/calendar; charset=utf-8"


def bare(settings: Settings | None = None) -> Flask:
    """Return an application of three routes."""
    del settings
    content = Path(os.environ[BODY]).read_bytes()
    app = Flask("bare")

    @app.get("/health/ready")
    def ready() -> str:
        return "ready"

    @app.get("/bare.ics")
    def whole() -> Response:
        return Response(content, content_type=TYPE)

    @app.get("/unchanged.ics")
    def unchanged() -> Response:
        return Response(status=304)

    return app


def main() -> None:
    """Serve it as `programme serve` serves the programme."""
    serve(obj=bare)
