"""Some seconds of everything at once, on both databases; `make soak` goes on for thirty."""

from flask import Flask
from sqlalchemy.orm import Session

from programme.extensions import db
from tests.flows.mixed.judging import out_of_order, told_wrongly, wrongs
from tests.flows.mixed.work import USUAL, Work, ground

SECONDS = 3


def test_nothing_is_over_nobody_waits_beside_an_empty_seat_and_each_is_told_once(app: Flask, session: Session) -> None:
    openings, organiser = ground(session)
    with app.app_context():
        work = Work(db.engine, openings, organiser)
    work.run(seconds=SECONDS)
    session.rollback()
    session.expire_all()
    assert work.wrongs == []
    assert wrongs(session, openings) == []
    assert out_of_order(session, work) == []
    assert told_wrongly(session, work) == []
    assert work.deeds.keys() >= USUAL
