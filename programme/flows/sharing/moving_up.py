"""Waiting lists that move up by themselves, some at a time: who registers meanwhile waits for one part only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from programme.engines.registration import actions
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.queries import tally_of
from programme.engines.registration.states import OpeningState, RegistrationState
from programme.engines.registration.waiting.filling import fill, moves_by_itself
from programme.flows.notices.places.registrations import tell_promoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

AT_ONCE = 25
"""How many move up in one transaction: a registration posted meanwhile waits for no more than these."""


def awaited(session: Session, now: datetime) -> Sequence[int]:
    """Return the openings where somebody waits for whom there is a place, whatever freed it."""
    waits = exists().where(Registration.opening_id == Opening.id, Registration.state == RegistrationState.WAITLISTED)
    found = (
        select(Opening)
        .where(Opening.state != OpeningState.DRAFT, waits)
        .options(selectinload(Opening.events), selectinload(Opening.quotas))
        .order_by(Opening.id)
    )
    moving = [row for row in session.scalars(found) if moves_by_itself(session, row, now=now)]
    return [row.id for row in moving if row.chooses is not None or tally_of(session, row, now=now).is_awaited]


def move_up(session: Session, opening_id: int, *, now: datetime) -> int:
    """Move up the next of a waiting list, and tell them; return how many: none where all who may have moved."""
    promoted = fill(session, actions.lock(session, opening_id), now=now, most=AT_ONCE)
    tell_promoted(session, promoted, now=now)
    return len(promoted)
