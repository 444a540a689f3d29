"""A hundred and twenty people of two universities at once, for thirty places with ten kept for each."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Quota, Registration
from programme.engines.registration.states import RegistrationState
from programme.extensions import db
from tests.engines.registration.rush import AT_ONCE, crowd, enter_without_the_lock, register_at_once
from tests.factories import cast, things
from tests.factories.cast import Cast

EACH, PLACES, KEPT = 60, 30, 10
R = RegistrationState


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=PLACES)
    row.quotas = [
        Quota(organisation_id=one.id, places=KEPT, release_days=3) for one in (people.liverpool, people.oxford)
    ]
    session.commit()
    return row


def placed(session: Session) -> Counter[int | None]:
    session.expire_all()
    return Counter(session.scalars(select(Registration.counts_for_id).where(Registration.state == R.CONFIRMED)))


@pytest.mark.parametrize("order", ["mixed", "one university first"])
def test_guarantees_are_kept_and_never_more_than_thirty_have_a_place(
    engine: Engine, session: Session, people: Cast, opening: Opening, order: str
) -> None:
    homes = [people.liverpool.id, people.oxford.id] * EACH
    ordered = sorted(homes) if order == "one university first" else homes
    register_at_once(engine, opening.id, crowd(session, [frozenset({home}) for home in ordered]))
    found = placed(session)
    assert found.total() == PLACES
    assert min(found[people.liverpool.id], found[people.oxford.id]) >= KEPT
    assert Counter(session.scalars(select(Registration.state)))[R.WAITLISTED] == 2 * EACH - PLACES


def test_without_the_lock_more_have_a_place_than_there_are_or_requests_fail(
    engine: Engine, session: Session, people: Cast, opening: Opening
) -> None:
    opening.capacity = AT_ONCE // 2
    for quota in opening.quotas:
        quota.places = 2
    session.commit()
    claims = crowd(session, [frozenset({people.liverpool.id})] * AT_ONCE)
    failed = enter_without_the_lock(engine, opening.id, claims)
    assert failed or placed(session)[people.liverpool.id] > AT_ONCE // 2 - 2
