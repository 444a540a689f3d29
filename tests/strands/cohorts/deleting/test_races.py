"""A record is deleted while its researcher hands something in: one of the two is refused; with a control."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.extensions import db
from programme.people.identity import actor_of
from programme.people.permissions import Actor
from programme.strands.cohorts.deleting import actions
from programme.strands.cohorts.models import Candidature
from programme.strands.cohorts.progress.handing import handing_in
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import Cast, assemble

Verb = Callable[[Session], object]
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def people(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def record(session: Session, people: Cast) -> Candidature:
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=people.liverpool))
    row = cohorts.candidature(session, cohort=cohort, person=people.alice, home=people.liverpool)
    session.commit()
    return row


@pytest.fixture
def verbs(record: Candidature, people: Cast, clock: Clock) -> list[Verb]:
    """Olga deletes the record, Alice hands in what nobody has to sign."""
    number, milestone = record.id, next(one.id for one in record.milestones if one.code == "portfolio")
    olga, alice, now = actor_of(people.olga), Actor(people.alice.id), clock.now
    return [
        lambda own: actions.delete_record(own, number, actor=olga, now=now),
        lambda own: handing_in.hand_in(own, number, milestone, words="Here", actor=alice, now=now),
    ]


def tried(engine: Engine, verb: Verb, begin: Verb) -> object:
    """Do something in a transaction of its own: whether it was done."""
    with Session(engine) as own:
        begin(own)
        try:
            verb(own)
            own.commit()
        except Refusal:
            own.rollback()
            return False
        except (OperationalError, StaleDataError):
            return "failed"
        return True


def at_once(engine: Engine, verbs: list[Verb], *, begin: Verb = begin_writing) -> list[object]:
    """Do everything in threads and return what came of each."""
    with ThreadPoolExecutor(len(verbs)) as pool:
        return [done.result() for done in [pool.submit(tried, engine, verb, begin) for verb in verbs]]


def records(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Candidature)) or 0


@pytest.mark.parametrize("round_number", range(4))
def test_of_deleting_and_handing_in_one_is_done(
    engine: Engine, session: Session, verbs: list[Verb], round_number: int
) -> None:
    session.rollback()
    given = verbs if round_number % 2 else verbs[::-1]
    found = at_once(engine, given)
    assert sorted(map(str, found)) == ["False", "True"]
    is_deleted = found[given.index(verbs[0])]
    assert records(session) == (0 if is_deleted else 1)


def test_without_the_lock_what_was_handed_in_is_lost_or_one_fails(
    engine: Engine, session: Session, verbs: list[Verb], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (actions, handing_in):
        monkeypatch.setattr(module, "hold", lambda own, number: own.get_one(Candidature, number))
    session.rollback()
    together, waited = threading.Barrier(2, timeout=30), threading.local()

    def wait_for_both(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(WRITES) and not hasattr(waited, "once"):
            waited.once = True
            together.wait()

    event.listen(engine, "before_cursor_execute", wait_for_both)
    found = at_once(engine, verbs, begin=lambda own: own.execute(text("SELECT 1")))
    event.remove(engine, "before_cursor_execute", wait_for_both)
    assert found == [True, True] or "failed" in found
