"""Two openings in one room: without the lock of both the room has more people than chairs, or requests fail."""

import threading

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.engines.registration.actions import Claim, enter
from programme.engines.registration.models import Opening
from programme.engines.registration.series.chairs import chairs_by_event
from programme.extensions import db
from tests.engines.registration.rush import AT_ONCE, NOW, all_at_once, crowd
from tests.factories import cast, things

CHAIRS = AT_ONCE // 2


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def openings(session: Session) -> list[Opening]:
    """Two openings to one event, each with places for everybody, in a room for half of them."""
    people = cast.assemble(session)
    shared = things.event(session, lead=people.oxford, room_capacity=CHAIRS)
    rows = [things.opening(session, events=[shared], capacity=AT_ONCE, title=title) for title in ("Founders", "Public")]
    session.commit()
    return rows


def test_without_the_lock_of_both_the_room_is_over_or_requests_fail(
    engine: Engine, session: Session, openings: list[Opening]
) -> None:
    claims, ids = crowd(session, [frozenset()] * AT_ONCE), [row.id for row in openings]
    together, failed = threading.Barrier(AT_ONCE, timeout=30), list[str]()

    def wait_for_all(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO registration"):
            together.wait()

    def enters(number: int, claim: Claim) -> None:
        with Session(engine) as own:
            try:
                enter(own, own.get_one(Opening, ids[number % 2]), claim, now=NOW)
                own.commit()
            except OperationalError as error:
                failed.append(str(error))

    event.listen(engine, "before_cursor_execute", wait_for_all)
    all_at_once(lambda one=one, claim=claim: enters(one, claim) for one, claim in enumerate(claims))  # type: ignore[misc]
    event.remove(engine, "before_cursor_execute", wait_for_all)
    session.rollback()
    session.expire_all()
    left = chairs_by_event(session, openings[0].events)[openings[0].events[0].id]
    assert failed or left < 0
