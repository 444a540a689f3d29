"""Choosing again among an opening's events: the verb with its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.choosing.actions import Chosen, choose_again
from programme.engines.registration.choosing.queries import chosen_by
from programme.flows.notices.places.registrations import tell_promoted
from programme.flows.notices.series.letters import What, tell_changed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


def choose_events(session: Session, registration_id: int, choice: Collection[int], *, now: datetime) -> Chosen:
    """Change which events somebody comes to; they are told, and whoever moves up for it."""
    chosen = choose_again(session, registration_id, choice, now=now)
    if chosen.changed:
        mine = chosen_by(chosen.registration)
        seats = [seat for seat in chosen.registration.seats if seat.event_id in mine]
        tell_changed(session, chosen.registration, seats, What.CHOSEN, now=now)
    tell_promoted(session, chosen.promoted, now=now)
    return chosen
