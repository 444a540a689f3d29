"""A hundred people at once for twenty places: exactly twenty, on both databases, and not without the lock."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.registration.actions import cancel, register
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.extensions import db
from tests.engines.registration.rush import (
    AT_ONCE,
    NOW,
    all_at_once,
    crowd,
    enter_without_the_lock,
    register_at_once,
)
from tests.factories import cast, things

PEOPLE, PLACES = 100, 20
NOBODYS = frozenset[int]()
R = RegistrationState


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def opening(session: Session) -> Opening:
    people = cast.assemble(session)
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=PLACES)
    session.commit()
    return row


def states(session: Session) -> Counter[RegistrationState]:
    session.expire_all()
    return Counter(session.scalars(select(Registration.state)))


def test_a_hundred_people_for_twenty_places_are_exactly_twenty(
    engine: Engine, session: Session, opening: Opening
) -> None:
    register_at_once(engine, opening.id, crowd(session, [NOBODYS] * PEOPLE))
    assert states(session) == {R.CONFIRMED: PLACES, R.WAITLISTED: PEOPLE - PLACES}


def test_without_the_lock_the_places_are_sold_over_or_requests_fail(
    engine: Engine, session: Session, opening: Opening
) -> None:
    opening.capacity = AT_ONCE // 2
    session.commit()
    failed = enter_without_the_lock(engine, opening.id, crowd(session, [NOBODYS] * AT_ONCE))
    assert failed or states(session)[R.CONFIRMED] > AT_ONCE // 2


def test_the_same_person_in_many_tabs_has_one_registration(engine: Engine, session: Session, opening: Opening) -> None:
    claim = crowd(session, [NOBODYS] * 1)[0]

    def registers() -> None:
        with Session(engine) as own:
            begin_writing(own)
            register(own, opening.id, claim, now=NOW)
            own.commit()

    all_at_once([registers] * AT_ONCE)
    assert states(session) == {R.CONFIRMED: 1}


def test_two_tabs_that_cancel_the_same_place_move_one_person_up(
    engine: Engine, session: Session, opening: Opening
) -> None:
    opening.capacity = 1
    session.commit()
    for claim in crowd(session, [NOBODYS] * 4):
        entered = register(session, opening.id, claim, now=NOW)
        session.commit()
        first = locals().get("first") or entered.registration.id
    promoted: list[int] = []

    def cancels() -> None:
        with Session(engine) as own:
            begin_writing(own)
            promoted.extend(row.id for row in cancel(own, first, now=NOW).promoted)
            own.commit()

    all_at_once([cancels] * AT_ONCE)
    assert len(promoted) == 1
    assert states(session) == {R.CANCELLED: 1, R.CONFIRMED: 1, R.WAITLISTED: 2}


def test_two_openings_of_one_room_never_fill_it_beyond_its_chairs(engine: Engine, session: Session) -> None:
    people = cast.assemble(session)
    shared = things.event(session, lead=people.oxford, room_capacity=15)
    founders = things.opening(session, events=[shared], capacity=10, title="Founders")
    public = things.opening(session, events=[shared], capacity=None, title="Public")
    session.commit()
    claims = crowd(session, [NOBODYS] * 40)

    def registers(number: int) -> None:
        with Session(engine) as own:
            begin_writing(own)
            register(own, (founders, public)[number % 2].id, claims[number], now=NOW)
            own.commit()

    all_at_once([lambda number=number: registers(number) for number in range(40)])  # type: ignore[misc]
    assert states(session) == {R.CONFIRMED: 15, R.WAITLISTED: 25}
