"""The clock ends offers within a minute, each opening by itself: one that cannot be filled stops no other."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.jobs.chairs import offers
from programme.jobs.working import work_of
from programme.scheduler import JOBS
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.conftest import NOW

R = RegistrationState
NO_MORNING = 48 * 60
"""Minutes that no clock shows: whoever makes an offer stumbles over it."""


def overdue(session: Session, people: Cast, title: str, **given: int) -> Opening:
    """One place, offered to Alice until now; Bob waits."""
    talk = things.event(session, lead=people.oxford, title=title)
    row = things.opening(session, events=[talk], capacity=1, offer_hours=24, **given)
    things.registration(session, to=row, who=people.alice, state=R.OFFERED, offered_at=LONG_AGO, answer_by=NOW)
    things.registration(session, to=row, who=people.bob, state=R.WAITLISTED)
    return row


def test_an_opening_that_cannot_be_filled_stops_no_other(app: Flask, session: Session, people: Cast) -> None:
    poisoned = overdue(session, people, "Poisoned", offer_morning=NO_MORNING)
    sound = overdue(session, people, "Sound")
    session.commit()
    with pytest.raises(ValueError, match="hour must be in"):
        offers(work_of(app, lambda: NOW))
    session.rollback()
    session.expire_all()
    rows = select(Registration.state).order_by(Registration.id)
    assert session.scalars(rows.where(Registration.opening_id == sound.id)).all() == [R.LAPSED, R.OFFERED]
    assert session.scalars(rows.where(Registration.opening_id == poisoned.id)).all() == [R.OFFERED, R.WAITLISTED]


@pytest.mark.one_database
def test_the_clock_looks_several_times_a_minute() -> None:
    assert next(job.seconds for job in JOBS if job.name == "offers") <= 60
