"""Two imports of one organisation at the same moment: one after the other, so that nothing is made twice."""

import threading

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.calendar.feeds.feed import revision_of
from programme.engines.calendar.models import CalendarBlock, Event
from programme.engines.calendar.reading.reader import read
from programme.extensions import db
from programme.flows.importing.doing.carrying_out import carry_out
from programme.flows.importing.plan import plan, take_turn
from programme.people.states import Strand
from tests.data.invented import SPREADSHEET
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.importing.conftest import NOW, OMAR


def test_two_at_once_make_everything_once(app: Flask, session: Session, cast: Cast) -> None:
    reading = read("talks.csv", SPREADSHEET.read_bytes())
    with app.app_context():
        engine = db.engine
    start, made = threading.Barrier(2), list[int]()

    def bring() -> None:
        with Session(engine) as own:
            start.wait()
            begin_writing(own)
            take_turn(own, cast.oxford.id)
            found = plan(
                own, reading, organisation_id=cast.oxford.id, strand=Strand.EXCHANGE, source="talks.csv", now=NOW
            )
            made.append(carry_out(own, found, {}, actor=OMAR, publish=True, now=NOW).new)
            own.commit()

    threads = [threading.Thread(target=bring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(made) == [0, 60]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Event)) == 60


def test_waiting_for_ones_turn_changes_no_calendar_and_holds_up_no_edit(session: Session, cast: Cast) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    before = (revision_of(session).number, session.scalar(select(CalendarBlock.mark)))
    session.rollback()
    begin_writing(session)
    take_turn(session, cast.oxford.id)
    session.commit()
    session.expire_all()
    assert (revision_of(session).number, session.scalar(select(CalendarBlock.mark))) == before
