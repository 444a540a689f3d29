"""Deleting what is held on a guest, for whoever has the link of a registration."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template

from programme.core.web.answers import button, done
from programme.engines.registration.states import LIVE
from programme.extensions import database_session
from programme.flows.keeping.erasing import erase_registration, goes_besides, is_all_there_is
from programme.flows.notices.places.registrations import is_over
from programme.people.guards import secret_link
from programme.screens.registrations.managing import its_page, registration_or_404

blueprint = Blueprint("deleting", __name__, url_prefix="/registrations/<token>")


@blueprint.get("/erasure")
@secret_link
def ask(token: str) -> Any:
    """Show what deleting means; nothing happens yet."""
    row = registration_or_404(token)
    if row.person is None:
        return redirect(its_page(token), 303)
    session, keepers = database_session(), current_app.extensions["keepers"]
    return render_template(
        "registrations/erasure.html",
        it=row,
        is_all=is_all_there_is(session, row.person, row, keepers),
        besides=goes_besides(session, row, keepers),
        gives_back=row.state in LIVE and not is_over(row.opening, now=g.now),
        here=its_page(token),
    )


@blueprint.post("/erasure")
@secret_link
@button(its_page)
def erase(token: str) -> Any:
    """Delete what this registration holds, and its guest with it where nothing else is held."""
    session, row = database_session(), registration_or_404(token)
    is_all = erase_registration(session, row, current_app.extensions["keepers"], now=g.now)
    session.commit()
    what = "Everything we held on you" if is_all else "What this registration held on you"
    return done(f"{what} is deleted. One last e-mail says so.", "/")
