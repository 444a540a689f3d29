"""Groups and singles at once for a table of ten: all of a group or none, the table never over, and no place wasted."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Companion, Opening, Registration
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import RegistrationState
from programme.flows.companions.bringing import come_along
from tests.engines.registration.rush import AT_ONCE
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW
from tests.flows.races.rush import Came, Verb, known_guests, signs_up, under_the_lock, without_the_lock

TABLE, MOST = 10, 4
R = RegistrationState


@pytest.fixture
def dinner(session: Session, people: Cast) -> Opening:
    """Ten places at a dinner, for four at most in one registration."""
    event = things.event(session, lead=people.oxford, title="Dinner", room_capacity=TABLE)
    row = things.opening(session, events=[event], capacity=TABLE, most_together=MOST)
    session.commit()
    return row


def others(heads: int) -> tuple[str, ...]:
    return ("Bea", "Cem", "Dee")[: heads - 1]


def groups(opening: Opening, sizes: list[int]) -> list[Verb]:
    return [signs_up(opening.id, number, others=others(heads)) for number, heads in enumerate(sizes)]


def judge(session: Session, came: Came, opening: Opening) -> None:
    """The table is not over, every group is whole, and nobody waits who would fit in what is left."""
    assert not came.failed
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(Registration)).all()
    seated = [row for row in rows if row.state is R.CONFIRMED]
    left = TABLE - sum(row.heads for row in seated)
    assert left >= 0
    assert chairs_by_event(session, opening.events) == {opening.events[0].id: left}
    assert all(row.heads == 1 + len(row.companions) for row in rows)
    assert [row for row in rows if row.state is R.WAITLISTED and row.heads <= left] == []


@pytest.mark.parametrize("sizes", [[3] * AT_ONCE, [4, 1, 3, 2, 4] * 4])
def test_groups_at_once_are_seated_whole_as_long_as_there_is_room_for_all_of_them(
    engine: Engine, session: Session, dinner: Opening, sizes: list[int]
) -> None:
    judge(session, under_the_lock(engine, groups(dinner, sizes)), dinner)
    assert len(session.scalars(select(Registration.id)).all()) == len(sizes)


def test_of_ten_groups_of_three_exactly_three_have_places(engine: Engine, session: Session, dinner: Opening) -> None:
    judge(session, under_the_lock(engine, groups(dinner, [3] * AT_ONCE)), dinner)
    states = list(session.scalars(select(Registration.state)))
    assert (states.count(R.CONFIRMED), states.count(R.WAITLISTED)) == (3, AT_ONCE - 3)
    assert len(session.scalars(select(Companion.id)).all()) == 2 * AT_ONCE


def test_without_the_lock_the_table_is_over_or_requests_fail(engine: Engine, session: Session, dinner: Opening) -> None:
    known_guests(session, AT_ONCE)
    came = without_the_lock(engine, groups(dinner, [3] * AT_ONCE), before="INSERT INTO registration")
    with pytest.raises(AssertionError):
        judge(session, came, dinner)


def test_of_ten_who_bring_one_more_at_once_exactly_as_many_do_as_there_are_places(
    engine: Engine, session: Session, dinner: Opening
) -> None:
    ids = [signs_up(dinner.id, number)(session).registration.id for number in range(6)]
    session.commit()
    verbs: list[Verb] = [lambda own, one=one: come_along(own, one, "Eve", now=NOW) for one in ids]  # type: ignore[misc]
    came = under_the_lock(engine, verbs)
    judge(session, came, dinner)
    assert (len(came.done), len(came.refused)) == (4, 2)
