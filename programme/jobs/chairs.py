"""Jobs of places: ballots drawn, quotas released, offers ended, waiting lists moved up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.offers.actions import overdue_offers
from programme.engines.registration.openings.quotas import due_releases
from programme.flows.admitting import draw_if_due, due_ballots
from programme.flows.offering.giving import lapse_if_due
from programme.flows.sharing.moving_up import awaited, move_up
from programme.flows.sharing.releasing import release_if_due
from programme.jobs.job import one_by_one, until_done

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def draw_one(session: Session, opening_id: int, now: datetime) -> bool:
    """Draw one ballot."""
    return draw_if_due(session, opening_id, now=now) is not None


def release_one(session: Session, opening_id: int, now: datetime) -> bool:
    """Release the quotas of one opening whose time has come."""
    return release_if_due(session, opening_id, now=now) > 0


def end_offers(session: Session, opening_id: int, now: datetime) -> bool:
    """End the offers of one opening that nobody answered in time."""
    return lapse_if_due(session, opening_id, now=now) > 0


def move_some_up(session: Session, opening_id: int, now: datetime) -> int:
    """Move up some of one waiting list."""
    return move_up(session, opening_id, now=now)


draw = one_by_one(due_ballots, draw_one)
offers = one_by_one(overdue_offers, end_offers)
release = one_by_one(due_releases, release_one)
move_all_up = until_done(awaited, move_some_up)
