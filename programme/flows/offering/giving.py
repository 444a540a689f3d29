"""Offering a place by an organiser's hand, and letting offers lapse that nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration import terms
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.deciding.keys import refuse_around_keys
from programme.engines.registration.models import Registration
from programme.engines.registration.offers import actions
from programme.engines.registration.queries import terms_of
from programme.engines.registration.states import HOLDING
from programme.engines.registration.terms import Window
from programme.flows.admitting import note, refuse_options_given_back
from programme.flows.notices.places.registrations import tell_promoted
from programme.flows.offering.letters import tell_lapsed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def offer_place(
    session: Session,
    registration_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    even_if_full: bool = False,
) -> Registration:
    """Offer somebody a place; tells them. Why they come before others stays between organisers."""
    if not even_if_full:
        refuse_options_given_back(session, registration_id)
    refuse_around_keys(session, locked_registration(session, registration_id))
    held = session.get_one(Registration, registration_id).state in HOLDING
    row = actions.offer_by_hand(session, registration_id, now=now, reason=reason, even_if_full=even_if_full)
    if not held:
        tell_promoted(session, [row], now=now)
        note(session, row, "offer", actor=actor, now=now, reason=reason)
    return row


def lapse_if_due(session: Session, opening_id: int, *, now: datetime) -> int:
    """End the offers of an opening that nobody answered; tells them and whoever is next. Twice changes nothing more.

    Of what is called off nobody is told that they lost it: they know that it is not.
    """
    ended = actions.lapse_offers(session, opening_id, now=now)
    for one in ended:
        if terms.window(terms_of(one.registration.opening), now) is not Window.CANCELLED:
            tell_lapsed(session, one.registration, now=now)
        tell_promoted(session, one.promoted, now=now)
    return len(ended)
