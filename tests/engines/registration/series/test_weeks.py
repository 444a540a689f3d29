"""The rule about weeks, by numbers alone."""

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.series.weeks import Week, chairs_for_places, has_chair, to_lend

weeks = st.builds(
    Week,
    event_id=st.just(1),
    given_up=st.integers(0, 9),
    lent=st.integers(0, 9),
    staying=st.integers(0, 9),
    room=st.none() | st.integers(-2, 9),
    is_over=st.booleans(),
)


def sitting(week: Week, holding: int) -> int:
    """How many sit there, of so many who hold a place."""
    return holding - week.given_up + week.lent + week.staying


@given(weeks, st.integers(0, 9), st.integers(0, 5))
def test_no_more_is_lent_than_is_skipped_nor_than_the_room_has(week: Week, skipping: int, overbooked: int) -> None:
    lent = to_lend(week, overbooked=overbooked)
    assert lent >= 0
    assert lent <= max(0, week.given_up - overbooked)
    assert week.room is None or lent <= max(0, week.room)
    assert sitting(week, 20 + skipping) + lent <= max(20 + skipping, sitting(week, 20 + skipping))


@given(weeks, st.integers(0, 12), st.integers(1, 4))
def test_a_place_comes_with_a_chair_only_where_the_capacity_leaves_one(week: Week, holding: int, heads: int) -> None:
    capacity = 12
    if has_chair(week, heads=heads, free=capacity - holding):
        assert sitting(week, holding) + heads <= capacity
        assert week.room is None or week.room >= heads


@given(st.lists(weeks, max_size=4))
def test_where_nobody_sits_without_a_place_the_smallest_room_counts(several: list[Week]) -> None:
    rooms = [week.room for week in several if week.room is not None and not week.is_over]
    if all(week.spare >= 0 for week in several):
        assert chairs_for_places(several) == (min(rooms) if rooms else None)


def test_nothing_is_lent_of_a_week_that_is_over() -> None:
    assert to_lend(Week(event_id=1, given_up=3, is_over=True)) == 0
    assert to_lend(Week(event_id=1, given_up=3, lent=1)) == 2


def test_the_room_of_a_week_that_is_over_takes_no_place_from_the_weeks_to_come() -> None:
    full_and_over, to_come = Week(event_id=1, room=0, is_over=True), Week(event_id=2, room=4)
    assert chairs_for_places([full_and_over, to_come]) == 4
    assert chairs_for_places([full_and_over]) is None


def test_a_chair_that_somebody_sits_on_without_a_place_is_asked_of_no_new_place() -> None:
    assert chairs_for_places([Week(event_id=1, room=1, lent=2)]) == 3
