"""The rule about choices: exactly so many, or up to so many; who chose what is full is passed and keeps the turn."""

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.choosing.rule import (
    Terms,
    Wish,
    full,
    has_choice,
    moves_up,
    reason_against,
    refusal_of,
)
from programme.engines.registration.places import Tally

NAMES = {1: "Lasers", 2: "Ice", 3: "Glass", 4: "Tides", 5: "Dust"}
TWO = Terms(most=2, events=NAMES)

choices = st.sets(st.sampled_from(sorted(NAMES)), min_size=1, max_size=2).map(frozenset)
wishes = st.builds(Wish, home=st.none(), heads=st.integers(1, 3), events=choices)


@given(st.sets(st.integers(0, 7), max_size=5))
def test_exactly_two_of_five_are_a_choice(choice: set[int]) -> None:
    assert (reason_against(TWO, choice) is None) == (len(choice) == 2 and choice <= set(NAMES))


@given(st.sets(st.integers(0, 7), max_size=5))
def test_fewer_will_do_where_it_says_so_but_not_none(choice: set[int]) -> None:
    terms = Terms(most=2, events=NAMES, fewer=True)
    assert (reason_against(terms, choice) is None) == (1 <= len(choice) <= 2 and choice <= set(NAMES))


def test_a_refusal_says_what_is_full_and_what_is_free() -> None:
    rooms = {1: 0, 2: 3, 3: 0}
    gone = full(rooms, [1, 2])
    assert gone == [1]
    assert refusal_of(TWO, rooms, gone) == "“Lasers” is full. Still free: “Ice” (3 left), “Tides” and “Dust”."


def slow_moves(free: int, rooms: dict[int, int], queue: list[Wish]) -> list[int]:
    """The same by list and loop: chairs are things that are taken away."""
    chairs = {event: ["chair"] * max(0, number) for event, number in rooms.items()}
    places, moved = ["place"] * free, []
    for number, wish in enumerate(queue):
        has_place = len(places) >= wish.heads
        has_chairs = all(len(chairs[event]) >= wish.heads for event in wish.events if event in chairs)
        if has_place and has_chairs:
            moved.append(number)
            for _ in range(wish.heads):
                places.pop()
                for event in wish.events:
                    if event in chairs:
                        chairs[event].pop()
    return moved


@given(
    st.integers(0, 8),
    st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(-2, 5), max_size=5),
    st.lists(wishes, max_size=12),
)
def test_who_moves_up_is_as_by_the_slow_model(free: int, rooms: dict[int, int], queue: list[Wish]) -> None:
    tally = Tally(capacity=free, holding=0, waiting=sum(wish.heads for wish in queue))
    assert moves_up(tally, rooms, queue) == slow_moves(free, rooms, queue)


def test_there_is_a_choice_as_long_as_enough_events_have_chairs() -> None:
    assert has_choice([0, 3, 5, None], least=2)
    assert has_choice([None, None, 0], least=2)
    assert not has_choice([0, -1, 5], least=2)
