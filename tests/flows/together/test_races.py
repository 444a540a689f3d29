"""Somebody edits an event at the very moment at which many events of its series are changed: nothing is lost."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.calendar.actions import events, series
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.actions.values import Details, Plan
from programme.engines.calendar.models import Event, Series
from programme.extensions import db
from programme.flows.together.changing.doing import change_together
from programme.flows.together.changing.wish import Wish
from programme.flows.together.making import NOT_YOURS, Wanted, make
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import assemble
from tests.flows.conftest import NOW

PATIENCE = 30
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


@pytest.mark.one_database("postgresql")
def test_words_changed_meanwhile_are_not_written_over(app: Flask, session: Session) -> None:
    cast = assemble(session)
    run = things.series(session, lead=cast.oxford)
    row = things.event(session, lead=cast.oxford, series_id=run.id)
    session.commit()
    ids, seen, omar, refused = (row.id, run.id, cast.omar.id), {row.id: row.version}, actor_of(cast.omar), []
    with app.app_context():
        engine = db.engine
    session.rollback()
    begin_writing(session)
    events.edit(session, ids[0], replace(details_of(row), title="Words of a colleague"), actor=omar, now=NOW)

    def change() -> None:
        with Session(engine) as own:
            begin_writing(own)
            wish = Wish(details={"description": "For all of them."})
            actor = actor_of(own.get_one(Person, ids[2]))
            try:
                change_together(own, own.get_one(Series, ids[1]), seen, wish, actor=actor, now=NOW)
                own.commit()
            except Refusal as refusal:
                refused.append(refusal.sentence)

    thread = threading.Thread(target=change)
    thread.start()
    until = time.monotonic() + PATIENCE
    with Session(engine) as watch:
        while not watch.scalar(WAITING) and time.monotonic() < until:
            watch.rollback()
            time.sleep(0.05)
    session.commit()
    thread.join(PATIENCE)
    session.expire_all()
    assert session.get_one(Event, ids[0]).title == "Words of a colleague"
    assert len(refused) == 1


def handed_over_meanwhile(app: Flask, session: Session) -> tuple[list[str], int]:
    """Add dates to a series while it is being handed to another university, which ends once the adding waits for it.

    Return what is refused, and how many events there are.
    """
    cast = assemble(session)
    run = things.series(session, lead=cast.oxford)
    session.commit()
    run_id, omar_id, other_id, refused = run.id, cast.omar.id, cast.liverpool.id, list[str]()
    with app.app_context():
        engine = db.engine
    session.rollback()
    begin_writing(session)
    series.lock(session, run_id).lead_organisation_id = other_id
    session.flush()

    def add() -> None:
        with Session(engine) as own:
            begin_writing(own)
            row = own.get_one(Series, run_id)  # as the page read it
            details = Details(title="One more", strand=row.strand, series_id=run_id)
            plan = Plan(starts_at=things.SOON, ends_at=things.SOON + timedelta(hours=1))
            actor = actor_of(own.get_one(Person, omar_id))
            try:
                make(own, row, [Wanted(details, plan)], shares=True, publishes=False, actor=actor, now=NOW)
                own.commit()
            except Refusal as refusal:
                refused.append(refusal.sentence)

    thread = threading.Thread(target=add)
    thread.start()
    until = time.monotonic() + PATIENCE
    with Session(engine) as watch:
        while not watch.scalar(WAITING) and thread.is_alive() and time.monotonic() < until:
            watch.rollback()
            time.sleep(0.05)
    session.commit()
    thread.join(PATIENCE)
    return refused, session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.mark.one_database("postgresql")
def test_no_date_is_added_to_a_series_that_is_being_handed_over(app: Flask, session: Session) -> None:
    assert handed_over_meanwhile(app, session) == ([NOT_YOURS], 0)


@pytest.mark.one_database("postgresql")
def test_without_the_lock_it_would_be(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "lock", lambda own, series_id: own.get_one(Series, series_id))
    assert handed_over_meanwhile(app, session) == ([], 1)


@pytest.mark.one_database("postgresql")
def test_dates_are_shared_with_those_who_share_the_series_by_then(app: Flask, session: Session) -> None:
    cast = assemble(session)
    run = things.series(session, lead=cast.oxford)
    run.co_owners = [cast.liverpool]
    session.commit()
    assert [one.id for one in run.co_owners] == [cast.liverpool.id]
    with app.app_context(), Session(db.engine) as colleague:
        series.share(colleague, run.id, [], actor=actor_of(cast.omar), now=NOW)
        colleague.commit()
    details = Details(title="One more", strand=run.strand, series_id=run.id)
    wanted = [Wanted(details, Plan(starts_at=things.SOON, ends_at=things.SOON + timedelta(hours=1)))]
    made = make(session, run, wanted, shares=True, publishes=False, actor=actor_of(cast.omar), now=NOW)
    assert made[0].co_owners == []
