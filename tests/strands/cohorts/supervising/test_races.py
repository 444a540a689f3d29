"""Two organisers name a primary supervisor at once: one is; with a control that fails when the lock is off."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.extensions import db
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Supervision
from programme.strands.cohorts.states import SupervisionRole
from programme.strands.cohorts.supervising import actions
from programme.strands.cohorts.supervising.actions import add
from tests.bed.clock import Clock
from tests.factories.cast import Cast
from tests.strands.cohorts.supervising.conftest import wanted

MANY = 6


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def at_once(verbs: Iterable[Callable[[], object]]) -> list[object]:
    """Do everything in threads and return what came of each."""
    each = list(verbs)
    with ThreadPoolExecutor(len(each)) as pool:
        return [done.result() for done in [pool.submit(verb) for verb in each]]


def naming(
    engine: Engine,
    record_id: int,
    organisation_id: int,
    number: int,
    *,
    actor: Actor,
    clock: Clock,
    begin: Callable[[Session], object] = begin_writing,
) -> Callable[[], object]:
    """Name somebody primary supervisor, in a transaction of its own: whether they are."""
    to = wanted(organisation_id, share=0)

    def names() -> object:
        with Session(engine) as own:
            begin(own)
            try:
                address = f"dr{number}@liverpool.example.ac.uk"
                add(own, record_id, to, name=f"Dr {number}", address=address, actor=actor, now=clock.now)
                own.commit()
            except Refusal:
                own.rollback()
                return False
            except OperationalError:
                return "failed"
            return True

    return names


def primaries(session: Session) -> int:
    """How many are primary supervisor."""
    found = select(func.count()).select_from(Supervision).where(Supervision.role == SupervisionRole.PRIMARY)
    return session.scalar(found) or 0


@pytest.mark.parametrize("round_number", range(3))
def test_of_many_primaries_at_once_one_is(
    engine: Engine,
    session: Session,
    people: Cast,
    record: Candidature,
    olga: Actor,
    clock: Clock,
    round_number: int,
) -> None:
    del round_number
    home = people.liverpool.id
    verbs = [naming(engine, record.id, home, number, actor=olga, clock=clock) for number in range(MANY)]
    session.rollback()
    found = at_once(verbs)
    assert (found.count(True), found.count(False)) == (1, MANY - 1)
    assert primaries(session) == 1


def test_without_the_lock_there_are_two_or_one_fails(
    engine: Engine,
    session: Session,
    people: Cast,
    record: Candidature,
    olga: Actor,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "hold", lambda own, number: own.get_one(Candidature, number))
    numbers = {"Dr 0": people.bob.id, "Dr 1": people.charlie.id}
    monkeypatch.setattr(actions, "person_for", lambda own, **told: own.get_one(Person, numbers[told["name"]]))
    home = people.liverpool.id
    verbs = [
        naming(
            engine, record.id, home, number, actor=olga, clock=clock, begin=lambda own: own.execute(text("SELECT 1"))
        )
        for number in range(2)
    ]
    session.rollback()
    together = threading.Barrier(2, timeout=30)

    def wait_for_both(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO supervision "):
            together.wait()

    event.listen(engine, "before_cursor_execute", wait_for_both)
    found = at_once(verbs)
    event.remove(engine, "before_cursor_execute", wait_for_both)
    assert primaries(session) == 2 or "failed" in found
