"""Places that calendars gave back, taken back by everybody at once: never more than there are."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.replying.acting import apply
from programme.flows.replying.returning import take_place_back
from tests.engines.registration.rush import AT_ONCE
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW
from tests.flows.races.rush import Verb, known_guests, signs_up, under_the_lock, without_the_lock

PLACES = 2
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def given_back(session: Session, people: Cast) -> tuple[Opening, list[Verb]]:
    """Everybody had a place and their calendars gave it back; then the room became small."""
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=AT_ONCE)
    session.commit()
    known_guests(session, AT_ONCE)
    rows = [signs_up(opening.id, number)(session).registration for number in range(AT_ONCE)]
    for row in rows:
        mine = locked_registration(session, row.id)
        apply(session, mine, mine.seats[0], Answer.DECLINED, stamp=NOW, now=NOW, by=None)
    opening.capacity = PLACES
    session.commit()
    return opening, [partial(take_place_back, registration_id=row.id, now=LATER) for row in rows]


def confirmed(session: Session) -> int:
    """How many have a place."""
    session.rollback()
    held = Registration.state == RegistrationState.CONFIRMED
    return session.scalar(select(func.count()).select_from(Registration).where(held)) or 0


def test_no_more_take_their_place_back_than_there_are(
    engine: Engine, session: Session, given_back: tuple[Opening, list[Verb]]
) -> None:
    came = under_the_lock(engine, given_back[1])
    assert (len(came.done), came.refused, came.failed) == (AT_ONCE, {}, {})
    assert confirmed(session) == PLACES


def test_without_the_lock_more_take_it_back_than_there_are_or_requests_fail(
    engine: Engine, session: Session, given_back: tuple[Opening, list[Verb]]
) -> None:
    came = without_the_lock(engine, given_back[1], before="UPDATE registration")
    assert confirmed(session) > PLACES or came.failed
