"""The rule about shares, against a slow model of its words, and by the examples that people were promised."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.places import (
    Decision,
    Guarantee,
    Share,
    Size,
    Tally,
    decide,
    draw,
    in_force,
    moves_up,
    tally_from,
)
from programme.engines.registration.states import PlacesBy, RegistrationState
from tests.engines.registration.shares.slow import SlowOpening

HOMES = {"liverpool": 1, "oxford": 2, "council": 3, "nowhere": 0}
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
R = RegistrationState

homes = st.sampled_from(sorted(HOMES))
acts = st.one_of(
    st.tuples(st.just("comes"), homes),
    st.tuples(st.just("come together"), st.tuples(homes, st.integers(2, 5))),
    st.tuples(st.just("comes"), homes),
    st.tuples(st.just("leaves"), st.integers(0, 60)),
    st.tuples(st.just("is released"), homes),
    st.tuples(st.just("has capacity"), st.integers(0, 14)),
    st.tuples(st.just("has chairs"), st.integers(-3, 14)),
    st.tuples(st.just("is overbooked"), homes),
)


def id_of(home: str) -> int | None:
    return HOMES[home] or None


def tally_like(slow: SlowOpening) -> Tally:
    """What the database would count of the slow model; where all wait alone, it says no sizes."""
    counts = Counter[tuple[RegistrationState, int | None]]()
    for state, people in ((R.CONFIRMED, slow.holders), (R.WAITLISTED, slow.queue)):
        for one in people:
            counts[state, id_of(slow.homes[one])] += slow.sizes.get(one, 1)
    groups = [(id_of(slow.homes[one]), slow.sizes.get(one, 1)) for one in slow.queue]
    sizes = [Size(home=home, heads=number) for home, number in groups if any(size > 1 for _, size in groups)]
    guarantees = [Guarantee(organisation_id=HOMES[home], places=number) for home, number in slow.guarantees.items()]
    heads = [(state, home, number) for (state, home), number in counts.items()]
    kept = in_force(guarantees, now=NOW)
    return tally_from(heads, capacity=slow.capacity, chairs=slow.chairs, guarantees=kept, sizes=sizes)


def decided(tally: Tally, home: int | None, *, heads: int = 1) -> Decision:
    return decide(tally, places_by=PlacesBy.FIRST_COME, has_waiting_list=True, home=home, heads=heads)


def act(slow: SlowOpening, deed: str, value: object, person: int) -> None:
    """Do one thing to both, and compare."""
    if deed in {"comes", "come together"}:
        home, size = value if isinstance(value, tuple) else (str(value), 1)
        expected = decided(tally_like(slow), id_of(home), heads=size)
        assert slow.comes(person, home, size=size) == expected.value
    elif deed == "is overbooked":
        slow.homes[person] = str(value)
        slow.takes_place(person)
    elif deed == "leaves" and slow.homes:
        here = [*slow.holders, *slow.queue]
        if here:
            slow.leaves(here[int(str(value)) % len(here)])
    elif deed == "is released":
        slow.guarantees.pop(str(value), None)
    elif deed == "has capacity":
        slow.capacity = int(str(value))
    elif deed == "has chairs":
        slow.chairs = int(str(value))


@given(
    st.integers(0, 12),
    st.dictionaries(st.sampled_from(["liverpool", "oxford", "council"]), st.integers(0, 6)),
    st.none() | st.integers(0, 12),
    st.lists(st.tuples(acts, st.booleans()), max_size=40),
)
def test_any_story_comes_out_as_by_the_slow_model(
    capacity: int, guarantees: dict[str, int], chairs: int | None, story: list[tuple[tuple[str, object], bool]]
) -> None:
    slow = SlowOpening(capacity, guarantees, chairs)
    for person, ((deed, value), clock_ticks) in enumerate(story):
        act(slow, deed, value, person)
        if clock_ticks:
            queue = list(slow.queue)
            sizes = [slow.sizes.get(one, 1) for one in queue]
            moving = moves_up(tally_like(slow), [id_of(slow.homes[one]) for one in queue], heads=sizes)
            assert [queue[index] for index in moving] == slow.move_up()


@given(
    st.integers(0, 12),
    st.dictionaries(st.sampled_from(["liverpool", "oxford", "council"]), st.integers(0, 6)),
    st.lists(homes, max_size=40),
)
def test_guarantees_are_kept_for_whoever_comes_however_late(
    capacity: int, guarantees: dict[str, int], crowd: list[str]
) -> None:
    """Guarantees that the capacity bears, in whatever order people come."""
    if sum(guarantees.values()) > capacity:
        guarantees = {}
    slow = SlowOpening(capacity, guarantees)
    for person, home in enumerate(crowd):
        act(slow, "comes", home, person)
    holding = Counter(slow.homes[one] for one in slow.holders)
    coming = Counter(crowd)
    assert len(slow.holders) <= capacity
    assert all(holding[home] >= min(number, coming[home]) for home, number in guarantees.items())


def test_thirty_places_with_ten_for_each_university_until_three_days_before() -> None:
    until = NOW + timedelta(days=3)
    guarantees = [Guarantee(organisation_id=one, places=10, until=until) for one in (1, 2)]
    only_liverpool = [(R.CONFIRMED, 1, 20), (R.WAITLISTED, 1, 40)]
    before = tally_from(only_liverpool, capacity=30, chairs=None, guarantees=in_force(guarantees, now=NOW))
    assert (before.free, before.pool, before.free_for(1), before.free_for(2), before.free_for(None)) == (
        10,
        0,
        0,
        10,
        0,
    )
    assert decided(before, 1) is Decision.WAIT
    assert decided(before, 2) is Decision.PLACE
    assert moves_up(before, [1] * 40) == []
    after = tally_from(only_liverpool, capacity=30, chairs=None, guarantees=in_force(guarantees, now=until))
    assert decided(after, 2) is Decision.WAIT
    assert moves_up(after, [1] * 40) == list(range(10))


def test_singles_pass_a_group_that_does_not_fit_and_its_turn_is_kept() -> None:
    counts = [(R.CONFIRMED, None, 8), (R.WAITLISTED, None, 5)]
    sizes = [Size(home=None, heads=4), Size(home=None, heads=1)]
    tally = tally_from(counts, capacity=10, chairs=None, sizes=sizes)
    assert tally.is_awaited
    assert moves_up(tally, [None, None], heads=[4, 1]) == [1]
    alone = tally_from(counts, capacity=10, chairs=None, sizes=sizes[:1])
    assert not alone.is_awaited
    assert decided(alone, None) is Decision.PLACE
    assert decided(alone, None, heads=3) is Decision.WAIT
    later = tally_from([(R.CONFIRMED, None, 6), (R.WAITLISTED, None, 5)], capacity=10, chairs=None, sizes=sizes)
    assert moves_up(later, [None, None], heads=[4, 1]) == [0]


def test_a_group_draws_on_the_share_of_its_home_first() -> None:
    kept = [Guarantee(organisation_id=1, places=3), Guarantee(organisation_id=2, places=3)]
    tally = tally_from([], capacity=8, chairs=None, guarantees=kept)
    assert tally.fits(1, heads=5)
    assert not tally.fits(1, heads=6)
    assert not tally.fits(None, heads=3)
    assert tally.after(1, heads=5).free_for(2) == 3


def test_a_place_in_the_own_share_is_taken_before_one_of_the_pool() -> None:
    tally = tally_from([], capacity=3, chairs=None, guarantees=[Guarantee(organisation_id=1, places=1)])
    assert tally.after(1).pool == tally.pool == 2


def test_who_joined_later_may_pass_those_for_whom_nothing_is_free() -> None:
    counts = [(R.CONFIRMED, 1, 2), (R.WAITLISTED, 1, 2), (R.WAITLISTED, 2, 1)]
    tally = tally_from(counts, capacity=3, chairs=None, guarantees=[Guarantee(organisation_id=2, places=1)])
    assert moves_up(tally, [1, 1, 2]) == [2]


def test_a_newcomer_waits_behind_whoever_waits_for_a_place_of_the_same_share() -> None:
    counts = [(R.CONFIRMED, 2, 1), (R.WAITLISTED, 1, 1)]
    tally = tally_from(counts, capacity=2, chairs=None, guarantees=[Guarantee(organisation_id=1, places=1)])
    assert (tally.free_for(1), tally.free_for(None)) == (1, 0)
    assert decided(tally, 1) is Decision.WAIT
    assert moves_up(tally, [1]) == [0]


def test_a_share_without_a_limit_of_places_keeps_nothing() -> None:
    tally = tally_from(
        [(R.CONFIRMED, 1, 9)], capacity=None, chairs=None, guarantees=[Guarantee(organisation_id=2, places=5)]
    )
    assert (tally.shares, tally.free_for(1)) == ((), None)


def test_where_more_is_kept_than_is_left_whoever_comes_first_of_those_it_is_kept_for_has_it() -> None:
    shares = (Share(organisation_id=1, guaranteed=10), Share(organisation_id=2, guaranteed=10))
    tally = Tally(capacity=30, holding=28, waiting=0, shares=shares)
    assert (tally.pool, tally.free_for(1), tally.free_for(2), tally.free_for(None)) == (0, 2, 2, 0)


@given(
    st.dictionaries(st.integers(1, 500), st.sampled_from([1, 2, None]), max_size=30),
    st.integers(0, 20),
    st.integers(0, 8),
    st.integers(0, 8),
    st.text(max_size=5),
)
def test_a_draw_keeps_the_shares(entrants: dict[int, int | None], places: int, one: int, two: int, seed: str) -> None:
    kept = {1: one, 2: two} if one + two <= places else {}
    drawn = draw(entrants, places=places, seed=seed, homes=entrants, kept=kept)
    assert sorted([*drawn.winners, *drawn.others]) == sorted(entrants)
    assert len(drawn.winners) <= places
    won, entered = Counter(entrants[it] for it in drawn.winners), Counter(entrants.values())
    assert all(won[home] >= min(number, entered[home]) for home, number in kept.items())
