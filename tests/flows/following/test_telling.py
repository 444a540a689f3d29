"""Who is told by letter that a calendar that they follow cannot be read: once, and once that it is over."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.mail.wishes.choices import AS_USUAL, choose
from programme.flows.following import deciding
from programme.flows.following.refreshing import Got, settle
from programme.people.permissions import NOBODY
from programme.people.roles import OPERATOR
from tests.factories.cast import Cast
from tests.factories.stories.followed import AS_BEFORE, TROUBLE
from tests.flows.following.conftest import NOW

DAY = timedelta(days=1)


def came(session: Session, address: SubscribedAddress, got: Got, now: datetime) -> list[tuple[str, str]]:
    """Let something come of fetching, and return the letters that are queued by it, and are on their way by now."""
    before = set(session.scalars(select(OutboxMessage.id)))
    settle(session, address.id, got, actor=OPERATOR, now=now)
    session.commit()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    new = sorted((row.letter, row.recipient) for row in rows if row.id not in before)
    session.execute(update(OutboxMessage).values(state=OutboxState.SENT))
    session.commit()
    return new


def test_organisers_are_told_once_and_once_when_it_is_over(
    session: Session, cast: Cast, address: SubscribedAddress
) -> None:
    omar = cast.omar.address
    assert came(session, address, AS_BEFORE, NOW) == []
    told = [came(session, address, TROUBLE, NOW + days * DAY) for days in range(1, 6)]
    assert told == [[], [], [("calendar_failing", omar)], [], []]
    assert came(session, address, AS_BEFORE, NOW + 6 * DAY) == [("calendar_works", omar)]
    assert came(session, address, AS_BEFORE, NOW + 7 * DAY) == []
    later = [came(session, address, TROUBLE, NOW + days * DAY) for days in range(8, 12)]
    assert later == [[], [], [("calendar_failing", omar)], []]


def test_of_a_failure_that_nobody_was_told_of_nobody_hears_that_it_is_over(
    session: Session, address: SubscribedAddress
) -> None:
    assert came(session, address, TROUBLE, NOW + DAY) == []
    assert came(session, address, AS_BEFORE, NOW + 2 * DAY) == []


def test_what_is_gone_for_good_is_told_at_once_and_what_was_paused_by_hand_is_not(
    session: Session, cast: Cast, address: SubscribedAddress
) -> None:
    gone = replace_gone(TROUBLE)
    assert came(session, address, gone, NOW) == [("calendar_failing", cast.omar.address)]
    deciding.follow(session, address, actor=NOBODY, now=NOW)
    assert came(session, address, AS_BEFORE, NOW + DAY) == [("calendar_works", cast.omar.address)]
    settle(session, address.id, TROUBLE, actor=OPERATOR, now=NOW + 2 * DAY)
    deciding.pause(session, address, actor=NOBODY, now=NOW + 2 * DAY)
    session.commit()
    assert (address.state, address.trouble) == (AddressState.PAUSED, "")


def replace_gone(got: Got) -> Got:
    """The same, for good."""
    return got._replace(is_gone=True)


@pytest.mark.one_database
def test_whoever_gets_the_morning_letter_reads_it_there(
    session: Session, cast: Cast, address: SubscribedAddress
) -> None:
    choose(session, cast.omar.id, replace(AS_USUAL, wants_morning=True), now=NOW)
    assert came(session, address, TROUBLE, NOW + 5 * DAY) == []
