"""Two tabs hand in the same event at once: it is kept once, and whoever comes second hears so."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.states import Attendance
from programme.extensions import db
from programme.people.identity import actor_of
from programme.people.models import Strand
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, TrainingEntry
from programme.strands.cohorts.training.events.actions import Worth, set_worth
from programme.strands.cohorts.training.record import entries
from programme.strands.cohorts.training.record.drafting import came_to
from programme.strands.cohorts.training.record.entries import IN_ALREADY, hand_in
from tests.bed.clock import START
from tests.factories import things
from tests.factories.cast import Cast

TABS = 6


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def event_id(session: Session, cast: Cast, alice: Candidature, olga: Actor) -> int:
    """An event that Alice came to."""
    row = things.event(session, lead=cast.liverpool, strand=Strand.COHORTS)
    set_worth(session, row.id, Worth(60), actor=olga, now=START)
    registered = things.registration(session, to=things.opening(session, events=[row]), who=cast.alice)
    registered.seats[0].attendance = Attendance.PRESENT
    session.commit()
    return row.id


def tabs(engine: Engine, cast: Cast, row: Candidature, event_id: int) -> list[str]:
    """Hand it in many times at once; returns what each hears: nothing, a sentence, or what broke."""
    actor, number = actor_of(cast.alice), row.id

    def once() -> str:
        with Session(engine) as own:
            try:
                begin_writing(own)
                hand_in(own, number, event_id, actor=actor, now=START)
                own.commit()
            except Refusal as refusal:
                own.rollback()
                return refusal.sentence
            except (IntegrityError, OperationalError):
                own.rollback()
                return "broken"
        return ""

    with ThreadPoolExecutor(TABS) as pool:
        return [done.result() for done in [pool.submit(once) for _ in range(TABS)]]


def test_many_tabs_hand_in_once(
    engine: Engine, session: Session, cast: Cast, alice: Candidature, event_id: int
) -> None:
    assert sorted(tabs(engine, cast, alice, event_id)) == sorted(["", *[IN_ALREADY] * (TABS - 1)])
    session.rollback()
    assert session.scalar(select(func.count()).select_from(TrainingEntry)) == 1


@pytest.mark.one_database("postgresql")
def test_without_the_lock_some_tabs_break(
    engine: Engine, session: Session, cast: Cast, alice: Candidature, event_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(TABS, timeout=30)

    def all_looked(own: Session, number: int, event: int) -> object:
        together.wait()
        return came_to(own, number, event)

    monkeypatch.setattr(entries, "hold", lambda own, number: own.get_one(Candidature, number))
    monkeypatch.setattr(entries, "came_to", all_looked)
    assert "broken" in tabs(engine, cast, alice, event_id)
