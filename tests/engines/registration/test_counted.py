"""What is remembered of an opening's counts is what is there, whatever happened in between."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from programme.core.refusal import Refusal
from programme.engines.registration import actions, decisions
from programme.engines.registration.models import OpeningCount, Quota, Registration
from programme.engines.registration.openings.counted import Origins, recalled
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.states import LIVE, RegistrationState
from tests.engines.registration.rush import NOW, crowd, register_at_once
from tests.factories import cast, things

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening


@pytest.fixture
def opening(session: Session) -> Opening:
    """Eight places, three of them kept for Oxford."""
    people = cast.assemble(session)
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=8)
    row.quotas = [Quota(organisation_id=people.oxford.id, places=3, release_days=3)]
    session.commit()
    return row


Told = dict[tuple[RegistrationState, int | None, int | None], int]


def counted(session: Session, opening_id: int) -> Told:
    """Count them one by one."""
    rows = session.execute(
        select(Registration.state, Registration.counts_for_id, Registration.organisation_id, func.count())
        .where(Registration.opening_id == opening_id, Registration.state.in_(COUNTED))
        .group_by(Registration.state, Registration.counts_for_id, Registration.organisation_id)
    )
    return {(state, home, origin): number for state, home, origin, number in rows}


def told(kept: Origins) -> Told:
    """What was remembered."""
    return {(state, home, origin): number for state, home, origin, number in kept if number}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_remembered_is_what_is_there_whatever_happened(session: Session, opening: Opening, seed: int) -> None:
    chance = random.Random(seed)
    oxford = opening.quotas[0].organisation_id
    claims = crowd(session, [frozenset({oxford}) if one % 3 == 0 else frozenset() for one in range(30)])
    recollections = 0
    for claim in claims:
        for _ in range(chance.choice((0, 0, 0, 1))):
            disturb(session, opening.id, chance)
        shown = recalled(session, opening.id, is_locked=False)
        assert shown is None or told(shown) == counted(session, opening.id)
        session.rollback()
        actions.lock(session, opening.id)
        kept = recalled(session, opening.id)
        if kept is not None:
            recollections += 1
            assert told(kept) == counted(session, opening.id)
        session.rollback()
        actions.register(session, opening.id, claim, now=NOW)
        session.commit()
        assert recalled(session, opening.id, is_locked=False) is not None
        session.rollback()
    assert recollections > 10


def test_what_an_earlier_release_kept_is_counted_afresh(session: Session, opening: Opening) -> None:
    (claim,) = crowd(session, [frozenset()])
    actions.register(session, opening.id, claim, now=NOW)
    session.get_one(OpeningCount, opening.id).heads = '[["confirmed", null, 7]]'
    session.commit()
    assert recalled(session, opening.id, is_locked=False) is None


def disturb(session: Session, opening_id: int, chance: random.Random) -> None:
    """Do something else to somebody of the opening."""
    live = select(Registration.id).where(Registration.opening_id == opening_id, Registration.state.in_(LIVE))
    ids = session.scalars(live.order_by(Registration.id)).all()
    if not ids:
        return
    one = chance.choice(ids)
    try:
        if chance.random() < 0.5:
            actions.cancel(session, one, now=NOW)
        else:
            decisions.promote(session, one, now=NOW, even_if_full=chance.random() < 0.5)
        session.commit()
    except Refusal:
        session.rollback()


def test_crowd_at_once_is_remembered_rightly(session: Session, opening: Opening) -> None:
    claims = crowd(session, [frozenset()] * 40)
    engine = session.get_bind()
    register_at_once(engine, opening.id, claims)  # type: ignore[arg-type]
    session.rollback()
    session.expire_all()
    actions.lock(session, opening.id)
    kept = recalled(session, opening.id)
    assert kept is not None
    assert told(kept) == counted(session, opening.id)
    assert sum(number for (state, _, _), number in told(kept).items() if state is RegistrationState.CONFIRMED) == 5


def test_what_is_thrown_away_is_counted_again(session: Session, opening: Opening) -> None:
    first, second = crowd(session, [frozenset()] * 2)
    actions.register(session, opening.id, first, now=NOW)
    session.commit()
    session.delete(session.get_one(OpeningCount, opening.id))
    session.commit()
    actions.register(session, opening.id, second, now=NOW)
    session.commit()
    actions.lock(session, opening.id)
    assert told(recalled(session, opening.id) or []) == {(RegistrationState.CONFIRMED, None, None): 2}
