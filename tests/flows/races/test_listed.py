"""A call for a list: of many at once as many have a place as there are, and who is on no list leaves nothing behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.eligibility.checking import NotListedError
from programme.engines.registration.eligibility.models import ListedAddress
from programme.engines.registration.models import Registration
from programme.engines.registration.states import Eligibility, RegistrationState
from tests.engines.registration.rush import AT_ONCE
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.races.rush import Came, Verb, guest, known_guests, signs_up, under_the_lock, without_the_lock

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening

PLACES = 3


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """Three places for ten whose addresses are listed."""
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=PLACES)
    row.eligibility = Eligibility.ADDRESSES
    for number in range(AT_ONCE):
        listed = {"address": guest(number), "address_key": guest(number), "added_at": LONG_AGO}
        session.add(ListedAddress(opening_id=row.id, **listed))
    session.commit()
    return row


def asks(opening: Opening, number: int) -> Verb:
    """Somebody's form, as the page sends it: the letter to whoever is on no list is kept, too."""
    sent = signs_up(opening.id, number)

    def verb(session: Session) -> object:
        try:
            return sent(session)
        except NotListedError:
            return None

    return verb


def judge(session: Session, came: Came) -> None:
    """Exactly as many have a place as there are, and the others of the list wait."""
    session.rollback()
    session.expire_all()
    assert not came.failed
    rows = session.scalars(select(Registration)).all()
    assert Counter(row.state for row in rows) == {
        RegistrationState.CONFIRMED: PLACES,
        RegistrationState.WAITLISTED: AT_ONCE - PLACES,
    }
    assert {row.address for row in rows} == {guest(number) for number in range(AT_ONCE)}


def test_of_twenty_at_once_the_listed_fill_the_places_and_the_others_are_only_written_to(
    engine: Engine, session: Session, opening: Opening
) -> None:
    verbs = [asks(opening, number) for pair in zip(range(AT_ONCE), range(AT_ONCE, 20), strict=False) for number in pair]
    came = under_the_lock(engine, verbs)
    judge(session, came)
    told = Counter(session.scalars(select(OutboxMessage.letter)))
    assert told == {
        "registration_confirmed": PLACES,
        "registration_waitlisted": AT_ONCE - PLACES,
        "address_not_listed": len(verbs) - AT_ONCE,
    }


def test_without_the_lock_too_many_have_a_place_or_requests_fail(
    engine: Engine, session: Session, opening: Opening
) -> None:
    known_guests(session, AT_ONCE)
    came = without_the_lock(
        engine, [asks(opening, number) for number in range(AT_ONCE)], before="INSERT INTO registration"
    )
    with pytest.raises(AssertionError):
        judge(session, came)
