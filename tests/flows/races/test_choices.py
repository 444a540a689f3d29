"""Two of three workshops in small rooms, chosen by many at once: no room is too full, and none is refused in vain."""

from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.states import RegistrationState, SeatState
from programme.flows.series.choosing import choose_events
from tests.engines.registration.rush import AT_ONCE
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW
from tests.flows.races.rush import Came, Verb, known_guests, signs_up, under_the_lock, without_the_lock

CHAIRS = 3
PAIRS = ((0, 1), (0, 2), (1, 2))


@pytest.fixture
def workshops(session: Session, people: Cast) -> Opening:
    """Three workshops in rooms of three; places enough for everybody, so that the rooms alone say who comes."""
    titles = ("Lasers", "Ice", "Glass")
    events = [things.event(session, lead=people.oxford, title=title, room_capacity=CHAIRS) for title in titles]
    row = things.opening(session, events=events, capacity=50, title="Workshops", chooses=2)
    session.commit()
    return row


def everybody(opening: Opening, choices: Sequence[frozenset[int]]) -> list[Verb]:
    return [signs_up(opening.id, number, choice=choice) for number, choice in enumerate(choices)]


def choices_of(opening: Opening, how_many: int) -> list[frozenset[int]]:
    """Each pair of workshops in turn."""
    ids = [event.id for event in opening.events]
    return [frozenset(ids[place] for place in PAIRS[number % len(PAIRS)]) for number in range(how_many)]


def taken(session: Session) -> Counter[int]:
    session.rollback()
    session.expire_all()
    return Counter(session.scalars(select(Seat.event_id).where(Seat.state == SeatState.HELD)))


def judge(session: Session, came: Came, choices: Sequence[frozenset[int]]) -> None:
    """No room holds more than its chairs; whoever registered has both; whoever was refused chose a full one."""
    assert not came.failed
    rooms = taken(session)
    assert max(rooms.values()) <= CHAIRS
    assert set(session.scalars(select(Registration.state))) == {RegistrationState.CONFIRMED}
    assert rooms.total() == 2 * len(came.done)
    full = {event_id for event_id, number in rooms.items() if number == CHAIRS}
    assert all(choices[number] & full for number in came.refused)


def test_rooms_are_full_and_never_fuller_when_thirty_choose_at_once(
    engine: Engine, session: Session, workshops: Opening
) -> None:
    choices = choices_of(workshops, 30)
    judge(session, under_the_lock(engine, everybody(workshops, choices)), choices)


def test_of_ten_who_choose_the_same_two_exactly_as_many_come_as_there_are_chairs(
    engine: Engine, session: Session, workshops: Opening
) -> None:
    choices = choices_of(workshops, 1) * AT_ONCE
    came = under_the_lock(engine, everybody(workshops, choices))
    judge(session, came, choices)
    assert (len(came.done), len(came.refused)) == (CHAIRS, AT_ONCE - CHAIRS)


def test_without_the_lock_the_rooms_are_too_full_or_requests_fail(
    engine: Engine, session: Session, workshops: Opening
) -> None:
    known_guests(session, AT_ONCE)
    choices = choices_of(workshops, 1) * AT_ONCE
    came = without_the_lock(engine, everybody(workshops, choices), before="INSERT INTO registration")
    with pytest.raises(AssertionError):
        judge(session, came, choices)


def test_of_ten_who_change_their_choice_at_once_exactly_one_has_the_last_chair(
    engine: Engine, session: Session, workshops: Opening
) -> None:
    lasers, ice, glass = (event.id for event in workshops.events)
    workshops.events[0].room_capacity = workshops.events[1].room_capacity = AT_ONCE
    workshops.events[2].room_capacity = 1
    session.commit()
    both = frozenset({lasers, ice})
    ids = [signs_up(workshops.id, number, choice=both)(session).registration.id for number in range(AT_ONCE)]
    session.commit()
    verbs: list[Verb] = [lambda own, one=one: choose_events(own, one, {lasers, glass}, now=NOW) for one in ids]  # type: ignore[misc]
    came = under_the_lock(engine, verbs)
    assert (len(came.done), len(came.refused), came.failed) == (1, AT_ONCE - 1, {})
    assert taken(session) == {lasers: AT_ONCE, ice: AT_ONCE - 1, glass: 1}
