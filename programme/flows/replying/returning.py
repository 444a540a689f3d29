"""Taking back a place that a calendar's answer gave back: the verb with its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.audit import record
from programme.core.refusal import Refusal
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.replies import actions
from programme.engines.registration.states import LIVE
from programme.flows.answering.coming_back import without_options
from programme.flows.notices.places.registrations import ENTERED, send

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.replies.actions import Returned


def take_place_back(session: Session, registration_id: int, *, now: datetime) -> Returned:
    """Take a place back, or join the waiting list first; tells whoever it is, once."""
    row = locked_registration(session, registration_id)
    lacking = without_options(session, row.opening, [row]) if row.state not in LIVE else {}
    if lacking:
        raise Refusal(lacking[row.id])
    returned = actions.take_place_back(session, registration_id, now=now)
    if not returned.changed:
        return returned
    send(session, row, ENTERED[row.state], key=f":{now:%Y%m%d%H%M%S%f}", now=now)
    record(
        session,
        person_id=row.person_id,
        verb="took a place back",
        subject=("registration", row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        after={"state": row.state.value},
    )
    return returned
