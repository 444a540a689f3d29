"""An offered place, for whoever holds the link of the registration: taken, or let go. Looking changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from programme.core.web.answers import button, done
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.extensions import database_session
from programme.flows.offering.answering import let_offer_go, take_offer
from programme.people.guards import secret_link
from programme.screens.registrations.managing import its_page, registration_or_404

blueprint = Blueprint("offers", __name__, url_prefix="/registrations/<token>")


@blueprint.post("/acceptance")
@secret_link
@button(its_page)
def take(token: str) -> Any:
    """Take an offered place."""
    taken = take_offer(database_session(), registration_or_404(token).id, now=g.now)
    database_session().commit()
    return done("You have the place." if taken.changed else "You have taken this place already.", its_page(token))


@blueprint.post("/declination")
@secret_link
@button(its_page)
def let_go(token: str) -> Any:
    """Let an offered place go."""
    ended = let_offer_go(database_session(), registration_or_404(token).id, now=g.now)
    database_session().commit()
    if ended.changed:
        decided = ended.registration.opening.places_by is PlacesBy.DECISION
        rest = "The organisers see it." if decided else "It goes to whoever is next."
        return done(f"You let the place go. {rest}", its_page(token))
    lapsed = ended.registration.state is RegistrationState.LAPSED
    return done("The time to answer had run out before." if lapsed else "You let it go before.", its_page(token))
