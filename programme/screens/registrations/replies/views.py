"""Taking back a place that a calendar's answer gave back, for whoever holds its link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from programme.core.web.answers import button, done
from programme.engines.registration.states import RegistrationState
from programme.extensions import database_session
from programme.flows.replying.returning import take_place_back
from programme.people.guards import secret_link
from programme.screens.registrations.managing import its_page, registration_or_404

blueprint = Blueprint("place_return", __name__, url_prefix="/registrations/<token>")
SENTENCES = {
    RegistrationState.CONFIRMED: "Your place is yours again.",
    RegistrationState.WAITLISTED: "Somebody has your place by now. You are first on the waiting list.",
}


@blueprint.post("/return")
@secret_link
@button(its_page)
def take_back(token: str) -> Any:
    """Take a place back."""
    returned = take_place_back(database_session(), registration_or_404(token).id, now=g.now)
    database_session().commit()
    sentence = SENTENCES[returned.registration.state] if returned.changed else "You had taken this back before."
    return done(sentence, its_page(token))
