"""A cohort is deleted while somebody adds to it in another tab: they hear that it is gone, and nothing breaks."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.extensions import db
from programme.people.identity import actor_of
from programme.people.permissions import Actor
from programme.strands.cohorts.admission.setting_up import actions as calls
from programme.strands.cohorts.admission.setting_up.wanted import Asks, Call
from programme.strands.cohorts.incoming import carrying_out
from programme.strands.cohorts.locking import GONE, lock_cohort
from programme.strands.cohorts.models import Cohort, CohortSheet
from programme.strands.cohorts.planning.residential.making import Wish, plan_residential
from programme.strands.cohorts.training.compulsory.actions import make_compulsory
from tests.bed.clock import START
from tests.factories import cohorts, things
from tests.factories.cast import Cast, assemble

Adds = Callable[[Session, Cohort, Actor, int], object]
SHEET = b"Name\tE-mail\tHome university\nNora\tnora@example.ac.uk\tOxford\n"
PATIENCE = 20
ADDS: dict[str, Adds] = {
    "residential": lambda own, cohort, olga, _: plan_residential(
        own, cohort.id, Wish(date(2027, 2, 15), "Week", []), actor=olga, now=START
    ),
    "training": lambda own, cohort, olga, event: make_compulsory(own, cohort.id, event_id=event, actor=olga, now=START),
    "call": lambda own, cohort, olga, _: calls.make(own, cohort, Call(title="Apply"), Asks(), actor=olga, now=START),
    "sheet": lambda own, cohort, olga, _: carrying_out.keep(
        own, cohort.id, filename="x.tsv", data=SHEET, actor=olga, now=START
    ),
}


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def people(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def cohort(session: Session, people: Cast) -> Cohort:
    row = cohorts.cohort(session, award=cohorts.award(session, lead=people.liverpool, shared_with=[people.oxford]))
    session.commit()
    return row


@pytest.mark.one_database("postgresql")
@pytest.mark.parametrize("what", ADDS)
def test_whoever_adds_to_a_cohort_that_is_gone_hears_so(
    engine: Engine, session: Session, people: Cast, cohort: Cohort, what: str
) -> None:
    event, olga, number = things.event(session, lead=people.liverpool).id, actor_of(people.olga), cohort.id
    session.commit()
    with Session(engine) as own:
        loaded = own.get_one(Cohort, number)
        session.execute(delete(Cohort).where(Cohort.id == number))
        session.commit()
        with pytest.raises(Refusal, match=GONE):
            ADDS[what](own, loaded, olga, event)


@pytest.mark.one_database("postgresql")
def test_bringing_in_waits_for_whoever_deletes_the_cohort_without_holding_its_sheet(
    engine: Engine, session: Session, people: Cast, cohort: Cohort
) -> None:
    olga, number = actor_of(people.olga), cohort.id
    sheet = carrying_out.keep(session, number, filename="x.tsv", data=SHEET, actor=olga, now=START).id
    session.commit()

    def bring_in() -> str:
        with Session(engine) as own:
            try:
                carrying_out.bring_in(own, number, sheet, seen="", actor=olga, now=START)
            except Refusal as refusal:
                return refusal.sentence
        return ""

    lock_cohort(session, number)
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(bring_in)
        wait_for_a_waiting_one(engine)
        session.execute(delete(CohortSheet).where(CohortSheet.id == sheet))
        session.execute(delete(Cohort).where(Cohort.id == number))
        session.commit()
        assert said.result() == GONE


def wait_for_a_waiting_one(engine: Engine) -> None:
    """Wait until somebody waits for a lock of this database."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    until = time.monotonic() + PATIENCE
    with engine.connect() as connection:
        while not connection.scalar(waiting) and time.monotonic() < until:
            connection.rollback()
            time.sleep(0.02)
