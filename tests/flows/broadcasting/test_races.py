"""Two schedulers at once, or one that dies: a broadcast goes exactly once, whole or not at all."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import BroadcastState
from programme.engines.mail.written.models import Broadcast
from programme.extensions import db
from programme.flows.broadcasting import sending
from tests.factories import things
from tests.factories.cast import person
from tests.factories.stories import many
from tests.flows.broadcasting.conftest import NOW, Evening

AT, CROWD, AT_ONCE = NOW + timedelta(hours=1), 200, 6


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def waiting(evening: Evening) -> Broadcast:
    """A letter to a crowd whose time has come."""
    for number in range(CROWD):
        who = person(evening.session, f"Person {number}", f"p{number}@example.org")
        things.registration(evening.session, to=evening.opening, who=who)
    row = many.send(evening.session, evening.letter(), by=evening.olga, now=NOW, at=AT)
    evening.session.commit()
    return row


def all_at_once(verb: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [done.result() for done in [pool.submit(verb) for _ in range(AT_ONCE)]]


def acts(session: Session) -> int:
    session.rollback()
    ends = AuditEntry.verb.in_(["sent a broadcast", "stopped a broadcast"])
    return session.scalar(select(func.count()).where(ends)) or 0


def letters(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_several_schedulers_send_it_exactly_once(engine: Engine, session: Session, waiting: Broadcast) -> None:
    def ticks() -> int:
        with Session(engine) as own:
            begin_writing(own)
            number = sending.go_if_due(own, waiting.id, now=AT)
            own.commit()
            return number

    assert sorted(all_at_once(ticks)) == [0] * (AT_ONCE - 1) + [CROWD + 2]  # type: ignore[type-var]
    assert letters(session) == CROWD + 2
    assert acts(session) == 1


def test_without_the_lock_it_ends_more_than_once_or_ticks_fail(
    engine: Engine, session: Session, waiting: Broadcast
) -> None:
    """The control: a row that is only read; all have read it before the first one writes."""
    together, failed = threading.Barrier(AT_ONCE, timeout=30), list[str]()

    def ticks() -> None:
        with Session(engine) as own:
            try:
                row = own.get_one(Broadcast, waiting.id)
                together.wait()
                sending.go(own, row, now=AT)
                own.commit()
            except OperationalError as error:
                failed.append(str(error))

    all_at_once(ticks)
    assert failed or acts(session) > 1


def test_calling_it_off_and_its_time_at_once_is_one_or_the_other(
    engine: Engine, session: Session, evening: Evening, waiting: Broadcast
) -> None:
    olga, outcome = evening.olga, list[str]()

    def ticks() -> None:
        with Session(engine) as own:
            begin_writing(own)
            sending.go_if_due(own, waiting.id, now=AT)
            own.commit()

    def calls_off() -> None:
        with Session(engine) as own:
            begin_writing(own)
            try:
                sending.call_off(own, waiting.id, actor=olga, now=AT)
            except Refusal as refusal:
                outcome.append(refusal.sentence)
            own.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(ticks), pool.submit(calls_off)]:
            done.result()
    session.rollback()
    session.expire_all()
    assert session.get_one(Broadcast, waiting.id).state is BroadcastState.CANCELLED
    states = set(session.scalars(select(OutboxMessage.state)))
    assert states <= {"cancelled"}, "whatever had been queued was taken back"
    assert outcome == []


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("before", ["INSERT INTO outbox_message", "UPDATE broadcast SET"])
def test_scheduler_killed_in_between_leaves_nothing_and_the_next_one_sends_all(
    engine: Engine, session: Session, waiting: Broadcast, before: str
) -> None:
    def die(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(before):
            raise Killed

    def tick(now: datetime) -> None:
        with Session(engine) as own:
            begin_writing(own)
            sending.go_if_due(own, waiting.id, now=now)
            own.commit()

    event.listen(engine, "before_cursor_execute", die)
    with pytest.raises(Killed):
        tick(AT)
    event.remove(engine, "before_cursor_execute", die)
    assert letters(session) == 0
    tick(AT)
    assert letters(session) == CROWD + 2
    tick(AT)
    assert letters(session) == CROWD + 2
