"""A telephone that sends one walk-in many times at once lets in one person, by name alone or with an address."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.registration.door.actions import settle
from programme.engines.registration.door.walk_ins import WalkIn
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import Attendance, Source
from programme.extensions import db
from programme.flows.door.walking_in import walk_in
from programme.people.permissions import NOBODY
from tests.engines.registration.rush import NOW, all_at_once
from tests.factories import cast, things


@pytest.mark.parametrize("address", ["", "wanda@example.org"])
def test_one_walk_in_sent_many_times_is_one_person(app: Flask, session: Session, address: str) -> None:
    people = cast.assemble(session)
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=0)
    settle(session, opening.id, takes_walk_ins=True)
    session.commit()
    event_id = opening.events[0].id
    session.rollback()
    with app.app_context():
        engine = db.engine
    newcomer = WalkIn(name="Wanda Walker", address=address, key="one press")

    def lets_in() -> None:
        with Session(engine) as own:
            begin_writing(own)
            walk_in(own, opening.id, event_id, newcomer, actor=NOBODY, now=NOW)
            own.commit()

    all_at_once(lets_in for _ in range(12))
    session.rollback()
    assert session.scalar(select(func.count()).where(Registration.source == Source.WALK_IN)) == 1
    assert session.scalar(select(func.count()).where(Seat.attendance == Attendance.PRESENT)) == 1
