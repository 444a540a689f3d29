"""A hundred and twenty people of two universities at once, for thirty places with ten kept for each."""

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
from programme.engines.registration.actions import Claim, enter, register
from programme.engines.registration.models import Opening, Quota, Registration
from programme.engines.registration.states import RegistrationState
from programme.extensions import db
from programme.people.models import Person
from tests.factories import cast, things
from tests.factories.cast import Cast

EACH, PLACES, KEPT, AT_ONCE = 60, 30, 10, 10
NOW = cast.LONG_AGO + timedelta(days=1)
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


def crowd(session: Session, homes: list[int]) -> list[Claim]:
    people = [
        Person(name=f"Person {one}", address=f"p{one}@example.org", address_key=f"p{one}@example.org", created_at=NOW)
        for one in range(len(homes))
    ]
    session.add_all(people)
    session.commit()
    return [
        Claim(person_id=row.id, name=row.name, address=row.address, memberships=frozenset({home}), is_proved=True)
        for row, home in zip(people, homes, strict=True)
    ]


def placed(session: Session) -> Counter[int | None]:
    session.expire_all()
    return Counter(session.scalars(select(Registration.counts_for_id).where(Registration.state == R.CONFIRMED)))


def all_at_once(verbs: list[Callable[[], object]]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(verb) for verb in verbs]:
            done.result()


@pytest.mark.parametrize("order", ["mixed", "one university first"])
def test_guarantees_are_kept_and_never_more_than_thirty_have_a_place(
    engine: Engine, session: Session, people: Cast, opening: Opening, order: str
) -> None:
    homes = [people.liverpool.id, people.oxford.id] * EACH
    claims = crowd(session, sorted(homes) if order == "one university first" else homes)

    def registers(claim: Claim) -> None:
        with Session(engine) as own:
            begin_writing(own)
            register(own, opening.id, claim, now=NOW)
            own.commit()

    all_at_once([lambda claim=claim: registers(claim) for claim in claims])  # type: ignore[misc]
    found = placed(session)
    assert found.total() == PLACES
    assert min(found[people.liverpool.id], found[people.oxford.id]) >= KEPT
    assert Counter(session.scalars(select(Registration.state)))[R.WAITLISTED] == 2 * EACH - PLACES


def test_without_the_lock_more_have_a_place_than_there_are_or_requests_fail(
    engine: Engine, session: Session, people: Cast, opening: Opening
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
    for quota in opening.quotas:
        quota.places = 2
    session.commit()
    claims = crowd(session, [people.liverpool.id] * AT_ONCE)
    event.listen(engine, "before_cursor_execute", wait_for_all)
    all_at_once([lambda claim=claim: registers(claim) for claim in claims])  # type: ignore[misc]
    event.remove(engine, "before_cursor_execute", wait_for_all)
    assert failed or placed(session)[people.liverpool.id] > AT_ONCE // 2 - 2
