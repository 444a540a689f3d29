"""An offer taken while it lapses, taken twice, taken and let go at once: one of them, and not without the lock."""

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
from programme.engines.registration.models import Registration
from programme.engines.registration.offers import actions
from programme.engines.registration.states import RegistrationState
from programme.engines.registration.waiting.filling import confirm
from programme.extensions import db
from tests.engines.registration.rush import AT_ONCE, NOW, all_at_once, crowd
from tests.factories import cast, things

R = RegistrationState
NOBODYS = frozenset[int]()
UNTIL = NOW + timedelta(hours=24)
Verb = Callable[[Session, int], object]


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def offered(session: Session) -> int:
    """One place that is offered to the second of four; two wait."""
    people = cast.assemble(session)
    talk = things.event(session, lead=people.oxford)
    opening = things.opening(session, events=[talk], capacity=1, offer_hours=24)
    session.commit()
    ids = []
    for claim in crowd(session, [NOBODYS] * 4):
        ids.append(register(session, opening.id, claim, now=NOW).registration.id)
        session.commit()
    cancel(session, ids[0], now=NOW)
    session.commit()
    return ids[1]


def take(session: Session, row_id: int) -> object:
    return actions.accept(session, row_id, now=UNTIL - timedelta(seconds=1)).changed


def let_go(session: Session, row_id: int) -> object:
    return actions.decline(session, row_id, now=UNTIL - timedelta(seconds=1)).changed


def lapse(session: Session, row_id: int) -> object:
    opening_id = session.get_one(Registration, row_id).opening_id
    return bool(actions.lapse_offers(session, opening_id, now=UNTIL))


def at_once(engine: Engine, row_id: int, verbs: list[Verb]) -> Counter[str]:
    """Do everything in transactions of their own; count by verb who changed anything."""
    changed: Counter[str] = Counter()

    def does(verb: Verb) -> None:
        with Session(engine) as own:
            begin_writing(own)
            try:
                if verb(own, row_id):
                    changed[verb.__name__] += 1
                own.commit()
            except Refusal:
                own.rollback()

    all_at_once(lambda verb=verb: does(verb) for verb in verbs)  # type: ignore[misc]
    return changed


def states(session: Session) -> Counter[RegistrationState]:
    session.rollback()
    session.expire_all()
    return Counter(session.scalars(select(Registration.state)))


def test_two_clicks_take_it_once(engine: Engine, session: Session, offered: int) -> None:
    assert at_once(engine, offered, [take] * AT_ONCE) == {"take": 1}
    assert states(session) == {R.CANCELLED: 1, R.CONFIRMED: 1, R.WAITLISTED: 2}


def test_taken_while_it_lapses_it_is_one_of_both_and_the_place_is_one_persons(
    engine: Engine, session: Session, offered: int
) -> None:
    changed = at_once(engine, offered, [take, lapse] * (AT_ONCE // 2))
    assert sum(changed.values()) == 1
    ended = {"take": {R.CANCELLED: 1, R.CONFIRMED: 1, R.WAITLISTED: 2}}
    lapsed = {R.CANCELLED: 1, R.LAPSED: 1, R.OFFERED: 1, R.WAITLISTED: 1}
    assert states(session) == ended.get(next(iter(changed)), lapsed)


def test_taken_and_let_go_at_once_it_is_one_of_both(engine: Engine, session: Session, offered: int) -> None:
    changed = at_once(engine, offered, [let_go, take] * (AT_ONCE // 2))
    assert sum(changed.values()) == 1
    taken = {R.CANCELLED: 1, R.CONFIRMED: 1, R.WAITLISTED: 2}
    passed_on = {R.CANCELLED: 2, R.OFFERED: 1, R.WAITLISTED: 1}
    assert states(session) == (taken if "take" in changed else passed_on)


def test_many_clocks_lapse_it_once_and_offer_it_to_one(engine: Engine, session: Session, offered: int) -> None:
    assert at_once(engine, offered, [lapse] * AT_ONCE) == {"lapse": 1}
    assert states(session) == {R.CANCELLED: 1, R.LAPSED: 1, R.OFFERED: 1, R.WAITLISTED: 1}


def test_without_the_lock_an_offer_is_taken_many_times_or_requests_fail(
    engine: Engine, session: Session, offered: int
) -> None:
    """The control: everybody reads the offer before the first one writes."""
    together, taken, failed = threading.Barrier(AT_ONCE, timeout=30), list[int](), list[str]()

    def wait_for_all(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("UPDATE registration"):
            together.wait()

    def takes() -> None:
        with Session(engine) as own:
            try:
                row = own.get_one(Registration, offered)
                assert row.state is R.OFFERED
                confirm(row, now=NOW)
                own.commit()
                taken.append(row.id)
            except OperationalError as error:
                failed.append(str(error))

    event.listen(engine, "before_cursor_execute", wait_for_all)
    all_at_once([takes] * AT_ONCE)
    event.remove(engine, "before_cursor_execute", wait_for_all)
    assert len(taken) > 1 or failed
