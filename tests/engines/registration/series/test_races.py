"""Many skip, take back and cancel at once: no chair is sat on or lent twice, and without the lock one is."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.actions import cancel, register
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.series.actions import skip, take_back
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import RegistrationState, SeatState
from programme.engines.registration.waiting.lending import lend
from programme.extensions import db
from tests.engines.registration.rush import AT_ONCE, NOW, all_at_once, crowd
from tests.factories import cast, things

PLACES, WAITING = 5, 8
NOBODYS = frozenset[int]()
R = RegistrationState


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def opening(session: Session) -> Opening:
    """Five with a place at three weeks, eight who wait."""
    people = cast.assemble(session)
    weeks = [
        things.event(session, lead=people.oxford, starts_at=things.SOON + timedelta(days=7 * one), room_capacity=PLACES)
        for one in range(3)
    ]
    row = things.opening(session, events=weeks, capacity=PLACES)
    session.commit()
    for claim in crowd(session, [NOBODYS] * (PLACES + WAITING)):
        register(session, row.id, claim, now=NOW)
        session.commit()
    return row


def ids_in(session: Session, state: RegistrationState) -> list[int]:
    return list(session.scalars(select(Registration.id).where(Registration.state == state).order_by(Registration.id)))


def by_itself(engine: Engine, verb: Callable[[Session], object]) -> None:
    """Do one thing in a transaction of its own; a no is no error."""
    with Session(engine) as own:
        begin_writing(own)
        try:
            verb(own)
        except Refusal:
            own.rollback()
        else:
            own.commit()


def chairs_at(session: Session, event_id: int) -> Counter[SeatState]:
    session.rollback()
    rows = select(Seat.state).join(Registration, Registration.id == Seat.registration_id)
    return Counter(session.scalars(rows.where(Seat.event_id == event_id, HAS_CHAIR)))


def test_everybody_who_skips_at_once_makes_room_for_one_each(
    engine: Engine, session: Session, opening: Opening
) -> None:
    week, holders = opening.events[1].id, ids_in(session, R.CONFIRMED)
    all_at_once(
        lambda one=one: by_itself(engine, lambda own: skip(own, one, week, now=NOW))  # type: ignore[misc]
        for one in holders * 2
    )
    assert chairs_at(session, week) == {SeatState.LENT: PLACES}
    lent = select(Seat.registration_id).where(Seat.state == SeatState.LENT).order_by(Seat.registration_id)
    assert list(session.scalars(lent)) == ids_in(session, R.WAITLISTED)[:PLACES]


def test_skipping_taking_back_and_cancelling_at_once_never_fills_a_room_beyond_its_chairs(
    engine: Engine, session: Session, opening: Opening
) -> None:
    week, holders = opening.events[1].id, ids_in(session, R.CONFIRMED)
    verbs: list[Callable[[Session], object]] = []
    for one in holders:
        verbs += [
            lambda own, one=one: skip(own, one, week, now=NOW),  # type: ignore[misc]
            lambda own, one=one: take_back(own, one, week, now=NOW),  # type: ignore[misc]
        ]
    verbs.insert(3, lambda own: cancel(own, holders[0], now=NOW))
    all_at_once(lambda verb=verb: by_itself(engine, verb) for verb in verbs)  # type: ignore[misc]
    assert chairs_at(session, week).total() == PLACES
    for other in (opening.events[0].id, opening.events[2].id):
        assert chairs_at(session, other).total() == PLACES


def test_without_the_lock_one_chair_is_lent_more_than_once_or_requests_fail(
    engine: Engine, session: Session, opening: Opening
) -> None:
    week, opening_id = opening.events[1].id, opening.id
    seat = select(Seat).where(Seat.registration_id == ids_in(session, R.CONFIRMED)[0], Seat.event_id == week)
    session.scalars(seat).one().state = SeatState.SKIPPED
    session.commit()
    together, lent, failed = threading.Barrier(AT_ONCE, timeout=30), list[int](), list[str]()

    def wait_for_all(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("UPDATE seat"):
            together.wait()

    def lends() -> None:
        with Session(engine) as own:
            try:
                found = [row.id for row in lend(own, own.get_one(Opening, opening_id), now=NOW)]
                own.commit()
                lent.extend(found)
            except OperationalError as error:
                failed.append(str(error))

    event.listen(engine, "before_cursor_execute", wait_for_all)
    all_at_once([lends] * AT_ONCE)
    event.remove(engine, "before_cursor_execute", wait_for_all)
    assert failed or len(lent) > 1
