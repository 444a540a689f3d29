"""A hundred people at once for twenty places: exactly twenty, on both databases, and not without the lock."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.registration.actions import Claim, cancel, enter, register
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.extensions import db
from programme.people.models import Person
from tests.factories import cast, things

PEOPLE, PLACES, AT_ONCE = 100, 20, 10
NOW = cast.LONG_AGO + timedelta(days=1)
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


def crowd(session: Session, number: int) -> list[Claim]:
    people = [
        Person(name=f"Person {one}", address=f"p{one}@example.org", address_key=f"p{one}@example.org", created_at=NOW)
        for one in range(number)
    ]
    session.add_all(people)
    session.commit()
    return [Claim(person_id=row.id, name=row.name, address=row.address, is_proved=True) for row in people]


def states(session: Session) -> Counter[RegistrationState]:
    session.expire_all()
    return Counter(session.scalars(select(Registration.state)))


def all_at_once(verbs: list[Callable[[], object]]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(verb) for verb in verbs]:
            done.result()


def test_a_hundred_people_for_twenty_places_are_exactly_twenty(
    engine: Engine, session: Session, opening: Opening
) -> None:
    def registers(claim: Claim) -> None:
        with Session(engine) as own:
            begin_writing(own)
            register(own, opening.id, claim, now=NOW)
            own.commit()

    all_at_once([lambda claim=claim: registers(claim) for claim in crowd(session, PEOPLE)])  # type: ignore[misc]
    assert states(session) == {R.CONFIRMED: PLACES, R.WAITLISTED: PEOPLE - PLACES}


def test_without_the_lock_the_places_are_sold_over_or_requests_fail(
    engine: Engine, session: Session, opening: Opening
) -> None:
    """The control: the same decision on an opening that is only read; all decide before the first one writes."""
    together = threading.Barrier(AT_ONCE, timeout=30)
    failed: list[str] = []

    def wait_for_all(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO registration"):
            together.wait()

    def registers(claim: Claim) -> None:
        with Session(engine) as own:
            try:
                enter(own, own.get_one(Opening, opening.id), claim, now=NOW)
                own.commit()
            except OperationalError as error:
                failed.append(str(error))

    opening.capacity = AT_ONCE // 2
    session.commit()
    claims = crowd(session, AT_ONCE)
    event.listen(engine, "before_cursor_execute", wait_for_all)
    all_at_once([lambda claim=claim: registers(claim) for claim in claims])  # type: ignore[misc]
    event.remove(engine, "before_cursor_execute", wait_for_all)
    assert failed or states(session)[R.CONFIRMED] > AT_ONCE // 2


def test_the_same_person_in_many_tabs_has_one_registration(engine: Engine, session: Session, opening: Opening) -> None:
    claim = crowd(session, 1)[0]

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
    for claim in crowd(session, 4):
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
    claims = crowd(session, 40)

    def registers(number: int) -> None:
        with Session(engine) as own:
            begin_writing(own)
            register(own, (founders, public)[number % 2].id, claims[number], now=NOW)
            own.commit()

    all_at_once([lambda number=number: registers(number) for number in range(40)])  # type: ignore[misc]
    assert states(session) == {R.CONFIRMED: 15, R.WAITLISTED: 25}
