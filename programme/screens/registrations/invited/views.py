"""The link of an invitation: to the form, or kindly to what became of it. Looking changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for

from programme.core.web.converters import slug
from programme.engines.registration.states import InvitationState, OpeningState
from programme.flows.notices.places.told import contact_of
from programme.people.guards import secret_link
from programme.screens.registrations.invited.links import invitation_of

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/invitations/<token>")
@secret_link
def follow(token: str) -> Any:
    """Lead whoever is invited to the form; of an answered or revoked invitation say so."""
    row = invitation_of(token) or abort(404)
    opening = row.opening
    if opening.state is OpeningState.DRAFT:
        abort(404)
    if row.state is InvitationState.SILENT:
        ref = slug(opening.title, opening.id)
        return redirect(url_for("signing_up.form", ref=ref, invitation=token), 303)
    return render_template("invitations/follow.html", it=row, opening=opening, contact=contact_of(opening))
