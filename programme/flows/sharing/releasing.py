"""Releasing quotas whose time has come: noted once, and whoever moves up by it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core import audit
from programme.engines.registration import actions
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.quotas import due_of
from programme.engines.registration.states import OpeningState
from programme.engines.registration.waiting.filling import fill
from programme.flows.notices.places.registrations import tell_promoted
from programme.flows.sharing.moving_up import AT_ONCE
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Quota


def release_if_due(session: Session, opening_id: int, *, now: datetime) -> int:
    """Release what is due of an opening's quotas, by nobody's hand; return how many there were.

    The rule counts none of them from their instant on, whenever this runs: here it is noted, and the waiting list moves
    up, the first of it at once and the others by `moving_up`. Asked again under the opening's lock, so that of two
    clocks at once one releases, and the other finds it done.
    """
    if not due_of(session.get_one(Opening, opening_id), now=now):
        return 0
    opening = actions.lock(session, opening_id)
    for one in opening.events:
        session.refresh(one)
    due = due_of(opening, now=now) if opening.state is not OpeningState.DRAFT else []
    for quota in due:
        release(session, opening, quota, now=now)
    if due:
        session.flush()
        tell_promoted(session, fill(session, opening, now=now, most=AT_ONCE), now=now)
    return len(due)


def release(session: Session, opening: Opening, quota: Quota, *, now: datetime) -> None:
    """Note that a quota is released, for good."""
    quota.released_at = now
    after = {"organisation": quota.organisation.short_name, "kept": quota.places}
    audit.note(session, opening, "released a quota", actor=NOBODY, now=now, after=after)
