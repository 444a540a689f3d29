"""Setting how an opening decides, and telling those whose keys are asked for by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.actions import lock
from programme.engines.registration.deciding import actions
from programme.flows.deciding.keys import tell_asked
from programme.flows.notices.keys.terms import tell_terms
from programme.people.affiliations import person_for

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.deciding.actions import Wanted
    from programme.people.permissions import Actor


def set_terms(session: Session, opening_id: int, wanted: Wanted, *, actor: Actor, now: datetime) -> int:
    """Set how an opening decides; return about how many who wait already keys are asked for.

    Who else holds a key is told of what changed about keys: no university does that in silence.
    """
    done = actions.set_terms(session, opening_id, wanted, actor=actor, now=now)
    for approval in done.asked:
        tell_asked(session, approval, now=now)
    tell_terms(session, done.opening, done.changed, actor=actor, now=now)
    return len(done.asked)


def name_holder(
    session: Session, opening_id: int, organisation_id: int, *, name: str, address: str, actor: Actor, now: datetime
) -> None:
    """Name who turns an organisation's keys for what comes in from now on; without an address its organisers do."""
    lock(session, opening_id)
    person_id = person_for(session, address=address, name=name, now=now).id if address else None
    actions.name_holder(session, opening_id, organisation_id, person_id, actor=actor, now=now)
