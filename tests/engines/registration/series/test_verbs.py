"""One verb upon a place in a series after the other: what changes nothing, and what is refused in a sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.states import EventState
from programme.engines.registration.actions import Claim, cancel, register
from programme.engines.registration.decisions import promote, refuse
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.offers.actions import accept
from programme.engines.registration.series.actions import leave_from, skip, take_back, want_weeks
from programme.engines.registration.states import SeatState
from tests.engines.registration.rush import NOW, crowd
from tests.factories import cast, things
from tests.factories.cast import Cast

HELD, SKIPPED, LENT = SeatState.HELD, SeatState.SKIPPED, SeatState.LENT
NOBODYS = frozenset[int]()


@pytest.fixture
def people(session: Session) -> Cast:
    """The cast."""
    return cast.assemble(session)


@pytest.fixture
def series(session: Session, people: Cast) -> Opening:
    """Two places at four weeks, in a room with two chairs."""
    weeks = [
        things.event(session, lead=people.oxford, starts_at=things.SOON + timedelta(days=7 * one), room_capacity=2)
        for one in range(4)
    ]
    row = things.opening(session, events=weeks, capacity=2, most_together=2)
    session.commit()
    return row


def entered(session: Session, opening: Opening, number: int, *, together: bool = False) -> list[Registration]:
    """So many who register, one after the other; where they come together each brings one more."""
    claims = crowd(session, [NOBODYS] * number)
    claims = [replace(one, others=("Noor",)) for one in claims] if together else claims
    return [register(session, opening.id, one, now=NOW).registration for one in claims]


def chairs(row: Registration) -> list[SeatState]:
    return [seat.state for seat in row.seats]


def test_a_week_is_not_taken_back_when_the_room_is_full_with_others(
    session: Session, people: Cast, series: Opening
) -> None:
    week = series.events[1]
    (anna,) = entered(session, series, 1)
    skip(session, anna.id, week.id, now=NOW)
    beside = things.opening(session, events=[week], capacity=5)
    for who in (people.alice, people.bob):
        things.registration(session, to=beside, who=who)
    session.commit()
    with pytest.raises(Refusal, match="cannot be taken back"):
        take_back(session, anna.id, week.id, now=NOW)


def test_a_group_takes_a_week_back_only_with_chairs_for_all_of_it(session: Session, series: Opening) -> None:
    (group,) = entered(session, series, 1, together=True)
    skip(session, group.id, series.events[1].id, now=NOW)
    series.capacity = 3
    series.events[1].room_capacity = 1
    session.commit()
    with pytest.raises(Refusal, match="cannot be taken back"):
        take_back(session, group.id, series.events[1].id, now=NOW)
    series.events[1].room_capacity = 2
    session.commit()
    take_back(session, group.id, series.events[1].id, now=NOW)
    assert chairs(group) == [HELD] * 4


def test_a_group_takes_no_week_back_of_which_one_chair_is_lent(session: Session, people: Cast, series: Opening) -> None:
    series.events[1].room_capacity = None
    session.commit()
    (group,) = entered(session, series, 1, together=True)
    skip(session, group.id, series.events[1].id, now=NOW)
    alice = people.alice
    claim = Claim(person_id=alice.id, name=alice.name, address=alice.address, is_proved=True)
    waiting = register(session, series.id, claim, now=NOW).registration
    assert chairs(waiting)[1] is LENT
    with pytest.raises(Refusal, match="cannot be taken back"):
        take_back(session, group.id, series.events[1].id, now=NOW)


def test_who_waits_may_want_a_week_again_and_has_it_if_it_is_free(session: Session, series: Opening) -> None:
    holder, _, waiting = entered(session, series, 3)
    week = series.events[1].id
    skip(session, holder.id, week, now=NOW)
    skip(session, waiting.id, week, now=NOW)
    assert chairs(waiting)[1] is SKIPPED
    back = take_back(session, waiting.id, week, now=NOW)
    assert chairs(waiting)[1] is LENT
    assert [row.id for row in back.promoted] == [waiting.id]


def test_who_only_waits_has_no_chair_to_give_up_and_no_place_to_leave(session: Session, series: Opening) -> None:
    *_, waiting = entered(session, series, 3)
    with pytest.raises(Refusal, match="no chair here"):
        skip(session, waiting.id, series.events[1].id, now=NOW)
    with pytest.raises(Refusal, match="no place to give up"):
        leave_from(session, waiting.id, series.events[1].id, now=NOW)
    assert chairs(waiting) == [HELD] * 4


def test_whose_registration_has_ended_takes_no_week_back(session: Session, series: Opening) -> None:
    (anna,) = entered(session, series, 1)
    skip(session, anna.id, series.events[1].id, now=NOW)
    cancel(session, anna.id, now=NOW)
    with pytest.raises(Refusal, match="no chair here"):
        take_back(session, anna.id, series.events[1].id, now=NOW)


def test_who_has_left_may_leave_earlier_and_never_later(session: Session, series: Opening) -> None:
    (anna,) = entered(session, series, 1)
    leave_from(session, anna.id, series.events[2].id, now=NOW)
    assert not leave_from(session, anna.id, series.events[3].id, now=NOW).chairs
    assert anna.leaves_at == series.events[2].starts_at
    leave_from(session, anna.id, series.events[1].id, now=NOW)
    assert (anna.leaves_at, chairs(anna)) == (series.events[1].starts_at, [HELD, SKIPPED, SKIPPED, SKIPPED])


def test_who_leaves_from_a_date_on_and_then_takes_the_offer_leaves_all_the_same(
    session: Session, series: Opening
) -> None:
    series.offer_hours = 48
    session.commit()
    first, _, next_one = entered(session, series, 3)
    cancel(session, first.id, now=NOW)
    leave_from(session, next_one.id, series.events[2].id, now=NOW)
    assert accept(session, next_one.id, now=NOW).changed
    assert (next_one.leaves_at, chairs(next_one)) == (series.events[2].starts_at, [HELD, HELD, SKIPPED, SKIPPED])


def test_who_has_left_and_is_given_a_place_anew_has_it_to_the_end(session: Session, series: Opening) -> None:
    (anna,) = entered(session, series, 1)
    leave_from(session, anna.id, series.events[2].id, now=NOW)
    refuse(session, anna.id, reason="By mistake.", now=NOW)
    promote(session, anna.id, now=NOW)
    assert (anna.leaves_at, anna.ended_at, anna.reason) == (None, None, "")


def test_only_who_waits_says_whether_they_take_single_weeks(session: Session, series: Opening) -> None:
    (anna,) = entered(session, series, 1)
    with pytest.raises(Refusal, match="not on the waiting list"):
        want_weeks(session, anna.id, wanted=True, now=NOW)


def test_an_event_of_another_opening_is_no_week_of_this_one(session: Session, people: Cast, series: Opening) -> None:
    (anna,) = entered(session, series, 1)
    other = things.event(session, lead=people.oxford)
    with pytest.raises(Refusal, match="no chair here"):
        skip(session, anna.id, other.id, now=NOW)


def test_a_week_that_was_put_off_without_a_date_may_be_skipped(session: Session, series: Opening) -> None:
    (anna,) = entered(session, series, 1)
    week = series.events[1]
    week.state, week.date_is_known = EventState.POSTPONED, False
    session.commit()
    skip(session, anna.id, week.id, now=week.starts_at)
    assert chairs(anna)[1] is SKIPPED
