"""The rule about places: whoever comes, in whatever order, nobody is given what is not there."""

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.places import Decision, Tally, decide, draw, moves_up
from programme.engines.registration.states import PlacesBy

tallies = st.builds(
    Tally,
    capacity=st.none() | st.integers(0, 50),
    holding=st.integers(0, 60),
    waiting=st.integers(0, 20),
    chairs=st.none() | st.integers(-5, 50),
)


def first_come(tally: Tally, *, has_waiting_list: bool = True) -> Decision:
    return decide(tally, places_by=PlacesBy.FIRST_COME, has_waiting_list=has_waiting_list)


@given(tally=tallies, has_waiting_list=st.booleans())
def test_a_place_is_given_only_where_one_is_free(tally: Tally, *, has_waiting_list: bool) -> None:
    if first_come(tally, has_waiting_list=has_waiting_list) is Decision.PLACE:
        assert tally.capacity is None or tally.holding < tally.capacity
        assert tally.chairs is None or tally.chairs > 0


@given(tallies)
def test_a_newcomer_waits_while_someone_waits_for_whom_there_is_a_place(tally: Tally) -> None:
    if tally.waiting or tally.free == 0:
        assert first_come(tally) is Decision.WAIT


@given(tallies)
def test_without_a_waiting_list_it_is_a_place_or_full(tally: Tally) -> None:
    assert first_come(tally, has_waiting_list=False) in {Decision.PLACE, Decision.FULL}


@given(tallies)
def test_no_more_move_up_than_there_are_places_or_people(tally: Tally) -> None:
    moving = moves_up(tally, [None] * tally.waiting)
    assert moving == list(range(len(moving)))
    if tally.capacity is not None:
        assert len(moving) <= max(0, tally.capacity - tally.holding)


@given(st.integers(0, 12), st.lists(st.booleans(), max_size=60))
def test_any_story_of_coming_and_going_fills_the_places_and_never_more(capacity: int, story: list[bool]) -> None:
    holding = waiting = 0
    for comes in story:
        if comes:
            decision = first_come(Tally(capacity=capacity, holding=holding, waiting=waiting))
            holding += decision is Decision.PLACE
            waiting += decision is Decision.WAIT
        elif holding:
            holding -= 1
            up = len(moves_up(Tally(capacity=capacity, holding=holding, waiting=waiting), [None] * waiting))
            holding, waiting = holding + up, waiting - up
        assert holding <= capacity
        assert not waiting or holding == capacity


def test_an_unlimited_opening_has_a_place_for_everybody() -> None:
    assert first_come(Tally(capacity=None, holding=9_999, waiting=0)) is Decision.PLACE


def test_a_full_room_counts_beside_a_large_capacity() -> None:
    assert first_come(Tally(capacity=40, holding=10, waiting=0, chairs=0)) is Decision.WAIT


def test_by_decision_and_before_a_draw_everybody_waits_for_the_organisers() -> None:
    empty = Tally(capacity=10, holding=0, waiting=0)
    assert decide(empty, places_by=PlacesBy.DECISION, has_waiting_list=True) is Decision.LATER
    assert decide(empty, places_by=PlacesBy.BALLOT, has_waiting_list=True) is Decision.LATER
    assert decide(empty, places_by=PlacesBy.BALLOT, has_waiting_list=True, is_drawn=True) is Decision.PLACE


@given(st.sets(st.integers(1, 10_000), max_size=40), st.integers(0, 50), st.text(max_size=20), st.randoms())
def test_a_draw_follows_from_its_seed_alone(entrants: set[int], places: int, seed: str, chance: object) -> None:
    shuffled = list(entrants)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    drawn = draw(shuffled, places=places, seed=seed)
    assert drawn == draw(sorted(entrants), places=places, seed=seed)
    assert len(drawn.winners) == min(places, len(entrants))
    assert sorted([*drawn.winners, *drawn.others]) == sorted(entrants)


def test_a_draw_is_fair_enough_over_many_seeds() -> None:
    wins = dict.fromkeys(range(1, 11), 0)
    for seed in range(2_000):
        for winner in draw(range(1, 11), places=3, seed=str(seed)).winners:
            wins[winner] += 1
    assert all(500 < count < 700 for count in wins.values()), wins
