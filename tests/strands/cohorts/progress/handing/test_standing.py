"""What is handed in, signed, sent back or noted as done lets every other milestone stand as it was reckoned."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Milestone, Suspension
from programme.strands.cohorts.progress.handing.handing_in import hand_in, record_done
from programme.strands.cohorts.progress.handing.signed import MILESTONE_SIGNED
from programme.strands.cohorts.progress.handing.signing import sign
from programme.strands.cohorts.progress.moving import days, extending, suspending
from programme.strands.cohorts.progress.moving.suspending import Wanted
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.states import MilestoneState, Signer
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.strands.cohorts.progress.conftest import once

pytestmark = pytest.mark.one_database
LATER = timedelta(days=1)
OPEN, HANDED_IN, DONE = MilestoneState.OPEN, MilestoneState.HANDED_IN, MilestoneState.DONE


def rows(session: Session, model: Any) -> list[tuple[Any, ...]]:
    """Return every row of a table as it is kept."""
    session.flush()
    return [tuple(row) for row in session.execute(select(model.__table__).order_by(model.id))]


def stands(session: Session, now: datetime) -> bool:
    """Whether reckoning everybody's milestones again on a later day changes nothing."""
    before = rows(session, Milestone), rows(session, Suspension)
    renew_milestones(session, session.scalars(select(Candidature.id)).all(), now=now + LATER)
    return (rows(session, Milestone), rows(session, Suspension)) == before


def handled(session: Session, cast: Cast, bob: Candidature, now: datetime) -> Iterator[MilestoneState]:
    """Bob's transfer is handed in, sent back, handed in and signed, and a later one noted: where each stands then."""
    transfer, confirmation = once(bob, "transfer"), once(bob, "confirmation")
    bobs, charlies = Actor(cast.bob.id), Actor(cast.charlie.id)
    answered: dict[str, Any] = {"things": {MILESTONE: MILESTONE_SIGNED}, "actor": charlies, "now": now}
    yield hand_in(session, bob.id, transfer.id, words="Draft", actor=bobs, now=now).state
    sign(session, bob.id, transfer.id, agrees=False, reason="Too short.", **answered)
    yield transfer.state
    yield hand_in(session, bob.id, transfer.id, actor=bobs, now=now).state
    sign(session, bob.id, transfer.id, agrees=True, **answered)
    yield transfer.state
    done: dict[str, Any] = {"done_on": bob.registered_on, "words": "On paper", "actor": bobs, "now": now}
    yield record_done(session, bob.id, confirmation.id, **done).state


def test_each_stands_after_what_is_done_to_one(session: Session, cast: Cast, bob: Candidature, omar: Actor) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    transfer, now = once(bob, "transfer"), clock.now()
    transfer.rule.signers, transfer.rule.needs_evidence = [str(Signer.SUPERVISOR)], False
    by: dict[str, Any] = {"actor": omar, "now": now}
    suspending.suspend(session, bob.id, Wanted(bob.entry_unit + 1, 1), **by)
    extending.extend(session, bob.id, once(bob, "confirmation").id, units=1, reason="Ill", **by)
    days.set_day(session, bob.id, once(bob, "submission").id, bob.registered_on + 900 * LATER, reason="Agreed", **by)
    states = []
    for state in handled(session, cast, bob, now):
        states.append(state)
        assert stands(session, now)
    assert states == [HANDED_IN, OPEN, HANDED_IN, DONE, DONE]


def test_nothing_is_left_to_be_reckoned_once_the_demonstration_is_told(told: Session) -> None:
    assert len(rows(told, Milestone)) > 100
    assert stands(told, clock.now())
