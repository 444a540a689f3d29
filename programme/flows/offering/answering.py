"""Answering an offer: taken or let go by whoever holds its link; whoever moves up by it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.models import Registration
from programme.engines.registration.offers import actions
from programme.flows.notices.places.registrations import CONFIRMED, send, tell_promoted
from programme.flows.offering.letters import tell_let_go
from programme.people.affiliations import organisation_id_of_address, prove_address
from programme.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.actions import Ended
    from programme.engines.registration.offers.actions import Taken


def take_offer(session: Session, registration_id: int, *, now: datetime) -> Taken:
    """Take an offered place, which shows that the person reads mail at the address; they get it confirmed, once."""
    shown = organisation_id_of_address(session, session.get_one(Registration, registration_id).address)
    taken = actions.accept(session, registration_id, now=now, shown=shown)
    if taken.changed:
        prove_address(session, session.get_one(Person, taken.registration.person_id), now=now)
        send(session, taken.registration, CONFIRMED, key=f":{taken.registration.offered_at:%Y%m%d%H%M%S%f}", now=now)
    tell_promoted(session, taken.promoted, now=now)
    return taken


def let_offer_go(session: Session, registration_id: int, *, now: datetime) -> Ended:
    """Let an offered place go to whoever is next; both are told, once."""
    ended = actions.decline(session, registration_id, now=now)
    if ended.changed:
        tell_let_go(session, ended.registration, now=now)
    tell_promoted(session, ended.promoted, now=now)
    return ended
