"""Skipping weeks of a series, and leaving it: the verbs with their letters, to whoever did it and whoever moves up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.series import actions
from programme.flows.notices.places.registrations import tell_ended, tell_promoted
from programme.flows.notices.series.letters import What, tell_changed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.series.actions import Skipped


def skip_week(session: Session, registration_id: int, event_id: int, *, now: datetime) -> Skipped:
    """Give up the chair of one week; whoever is next has it, and is told."""
    return told(session, actions.skip(session, registration_id, event_id, now=now), What.SKIPPED, now=now)


def take_week_back(session: Session, registration_id: int, event_id: int, *, now: datetime) -> Skipped:
    """Take the chair of a skipped week back."""
    return told(session, actions.take_back(session, registration_id, event_id, now=now), What.BACK, now=now)


def leave_series(session: Session, registration_id: int, event_id: int, *, now: datetime) -> Skipped:
    """Give the place up from one week on; whoever is next has it for the rest, and is told."""
    return told(session, actions.leave_from(session, registration_id, event_id, now=now), What.LEFT, now=now)


def want_single_weeks(session: Session, registration_id: int, *, wanted: bool, now: datetime) -> Skipped:
    """Say whether somebody who waits takes the chairs of single weeks; what comes of it at once is told."""
    return told(session, actions.want_weeks(session, registration_id, wanted=wanted, now=now), What.BACK, now=now)


def told(session: Session, skipped: Skipped, what: What, *, now: datetime) -> Skipped:
    """Queue the letters about what became of weeks."""
    if skipped.has_ended:
        tell_ended(session, skipped.registration, held_place=True, now=now, is_own=True)
    else:
        tell_changed(session, skipped.registration, skipped.chairs, what, now=now)
    tell_promoted(session, skipped.promoted, now=now)
    return skipped
