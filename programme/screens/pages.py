"""Pages that stand still: privacy, accessibility, help; and the choice of theme."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, render_template, request

from programme.core.web.answers import own_path
from programme.extensions import database_session
from programme.people import queries
from programme.people.guards import public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.people.models import Organisation

blueprint = Blueprint("pages", __name__)
THEMES = frozenset({"light", "dark"})
THEME_LASTS = timedelta(days=365)


@blueprint.post("/theme")
@public
def theme() -> Any:
    """Keep the theme in a cookie and go back to the page the button stood on."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    answer = redirect(came_from(), 303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie("theme", chosen, max_age=int(THEME_LASTS.total_seconds()), secure=secure, samesite="Lax")
    return answer


@blueprint.get("/privacy")
@public
def privacy() -> Any:
    """Say who answers for personal data, what is kept, how long, and what people can ask for."""
    return render_template("pages/privacy.html", controllers=controllers(), times=current_app.extensions["times"])


@blueprint.get("/accessibility")
@public
def accessibility() -> Any:
    """Say how far these pages can be used by everyone, and whom to tell where they cannot."""
    return render_template("pages/accessibility.html")


@blueprint.get("/help")
@public
def how() -> Any:
    """Say how things work here."""
    return render_template("pages/how.html", controllers=controllers())


def came_from() -> str:
    """Return the path of the page that the request came from, where it is one of ours."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path, default="/")


def controllers() -> Sequence[Organisation]:
    """Return the universities, which answer for personal data together."""
    return queries.universities(database_session())
