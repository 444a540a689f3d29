"""Changing an opening, and telling those who move up by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.openings import actions
from programme.flows.notices.keys.terms import tell_terms
from programme.flows.notices.places.registrations import tell_promoted
from programme.flows.reminding import remind_of_offers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.openings.actions import Edited
    from programme.engines.registration.openings.editing.details import Details
    from programme.people.permissions import Actor


def edit_opening(
    session: Session, opening_id: int, details: Details, *, actor: Actor, now: datetime, seen: str = ""
) -> Edited:
    """Change an opening; whoever moves up because there are more places is told, and who held keys that are lifted."""
    edited = actions.edit(session, opening_id, details, actor=actor, now=now, seen=seen)
    if edited.has_lifted_keys:
        tell_terms(session, edited.opening, {"decided_by": (DecidedBy.KEYS, None)}, actor=actor, now=now)
    remind_of_offers(session, edited.opening, now=now)
    tell_promoted(session, edited.promoted, now=now)
    return edited
