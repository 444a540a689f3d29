"""Keys turned at once: both, yes and no, and one twenty times; with a control that fails when the lock is off."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.approvals.actions import Turn, Turned, decide, turn
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.extensions import db
from tests.engines.approvals.conftest import NOW

CLICKS = 20
Y, N = KeyState.YES, KeyState.NO


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def at_once(verbs: Iterable[Callable[[], object]]) -> list[object]:
    """Do everything in threads and return what came of each."""
    wanted = list(verbs)
    with ThreadPoolExecutor(len(wanted)) as pool:
        return [done.result() for done in [pool.submit(verb) for verb in wanted]]


def turning(engine: Engine, key_id: int, says: KeyState) -> Callable[[], object]:
    """Turn a key in a transaction of its own: whether it changed and decided, or the sentence of a refusal."""

    def turns() -> object:
        with Session(engine) as own:
            begin_writing(own)
            try:
                done = turn(own, key_id, Turn(says=says, person_id=None), now=NOW)
                told = told_of(done)
                own.commit()
            except Refusal as refusal:
                own.rollback()
                return refusal.sentence
            return told

    return turns


def told_of(done: Turned) -> tuple[bool, bool]:
    return done.changed, done.decided


@pytest.mark.parametrize("round_number", range(5))
def test_both_keys_at_once_decide_once(engine: Engine, session: Session, approval: Approval, round_number: int) -> None:
    del round_number
    one, other = (key.id for key in approval.keys)
    session.rollback()
    found = at_once([turning(engine, one, Y), turning(engine, other, Y)])
    session.expire_all()
    assert sorted(map(str, found)) == ["(True, False)", "(True, True)"]
    assert approval.state is ApprovalState.GRANTED


@pytest.mark.parametrize("round_number", range(5))
def test_yes_and_no_at_once_end_it(engine: Engine, session: Session, approval: Approval, round_number: int) -> None:
    del round_number
    one, other = (key.id for key in approval.keys)
    session.rollback()
    found = at_once([turning(engine, one, Y), turning(engine, other, N)])
    session.expire_all()
    assert (True, True) in found
    assert approval.state is ApprovalState.REFUSED
    assert approval.keys[1].state is N
    assert approval.keys[0].state in {Y, KeyState.CLOSED}


def test_twenty_clicks_turn_a_key_once(engine: Engine, session: Session, approval: Approval) -> None:
    key_id = approval.keys[0].id
    session.rollback()
    found = at_once([turning(engine, key_id, Y)] * CLICKS)
    assert found.count((True, False)) == 1
    assert found.count((False, False)) == CLICKS - 1


def test_without_the_lock_neither_decides_or_one_fails(engine: Engine, session: Session, approval: Approval) -> None:
    ids = [key.id for key in approval.keys]
    session.rollback()
    together = threading.Barrier(2, timeout=30)

    def wait_for_both(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("UPDATE approval_key"):
            together.wait()

    def turns(key_id: int) -> object:
        with Session(engine) as own:
            try:
                key = own.get_one(ApprovalKey, key_id)
                states = [one.state for one in key.approval.keys]
                assert states == [KeyState.WAITING, KeyState.WAITING]
                done = decide(own, key.approval, key, Turn(says=Y, person_id=None), now=NOW)
                own.commit()
            except OperationalError:
                return "failed"
            return done.decided

    event.listen(engine, "before_cursor_execute", wait_for_both)
    found = at_once([lambda one=one: turns(one) for one in ids])  # type: ignore[misc]
    event.remove(engine, "before_cursor_execute", wait_for_both)
    session.expire_all()
    assert found == [False, False] or "failed" in found
    assert approval.state is ApprovalState.OPEN
