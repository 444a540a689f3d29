"""Somebody edits an event at the very moment at which many events of its series are changed: nothing is lost."""

import threading
import time
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.models import Event, Series
from programme.extensions import db
from programme.flows.together.changing.doing import change_together
from programme.flows.together.changing.wish import Wish
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
