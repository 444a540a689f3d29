"""Waiting lists that move up by themselves: some at a time, in order, each told once, whatever freed the places."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Quota, Registration
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.flows.sharing.moving_up import AT_ONCE, awaited, move_up
from programme.scheduler import run_due
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.conftest import NOW

WAITING = 60


def queue(session: Session, people: Cast, *, capacity: int, **given: object) -> Opening:
    """Sixty who wait, one a minute, though there are places: as many as there are."""
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=capacity, **given)
    for one in range(WAITING):
        who = cast.person(session, f"Wren {one:02d}", f"wren{one}@example.org")
        joined = LONG_AGO + timedelta(minutes=one)
        things.registration(session, to=row, who=who, state=RegistrationState.WAITLISTED, joined_at=joined)
    session.commit()
    return row


def promoted(session: Session) -> list[str]:
    """Who has a place, by name."""
    session.rollback()
    session.expire_all()
    held = select(Registration.name).where(Registration.state == RegistrationState.CONFIRMED)
    return list(session.scalars(held.order_by(Registration.name)))


def test_one_part_moves_the_first_and_leaves_the_rest(session: Session, people: Cast) -> None:
    row = queue(session, people, capacity=40)
    assert awaited(session, NOW) == [row.id]
    assert move_up(session, row.id, now=NOW) == AT_ONCE
    session.commit()
    assert promoted(session) == [f"Wren {one:02d}" for one in range(AT_ONCE)]
    assert move_up(session, row.id, now=NOW) == 40 - AT_ONCE
    session.commit()
    assert move_up(session, row.id, now=NOW) == 0
    assert awaited(session, NOW) == []


def test_jobs_move_everybody_up_and_tell_each_once(app: Flask, session: Session, people: Cast) -> None:
    queue(session, people, capacity=55)
    run_due(app, NOW)
    run_due(app, NOW + timedelta(minutes=1))
    assert promoted(session) == [f"Wren {one:02d}" for one in range(55)]
    told = select(func.count()).where(OutboxMessage.letter == "registration_promoted")
    assert session.scalar(told) == 55


def test_released_places_move_up_all_who_may_however_many(app: Flask, session: Session, people: Cast) -> None:
    kept = Quota(organisation_id=people.liverpool.id, places=50, release_at=NOW)
    queue(session, people, capacity=50, quotas=[kept])
    assert awaited(session, NOW - timedelta(hours=1)) == []
    run_due(app, NOW)
    assert promoted(session) == [f"Wren {one:02d}" for one in range(50)]


def test_nobody_moves_up_where_organisers_decide_or_what_is_called_off(session: Session, people: Cast) -> None:
    row = queue(session, people, capacity=40, places_by=PlacesBy.DECISION)
    assert awaited(session, NOW) == []
    row.places_by = PlacesBy.FIRST_COME
    row.events[0].state = EventState.CANCELLED
    session.commit()
    assert awaited(session, NOW) == []
    assert move_up(session, row.id, now=NOW) == 0
