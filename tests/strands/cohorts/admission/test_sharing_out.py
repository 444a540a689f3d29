"""Who reads which application: evenly, so many of each university, and nobody what they are kept from."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.admission.reviewing.sharing_out import shared_out

PEOPLE = {1: [11, 12, 13], 2: [21, 22]}
EVERYBODY = [one for own in PEOPLE.values() for one in own]
pairs = st.sets(st.tuples(st.sampled_from(EVERYBODY), st.integers(1, 6)), max_size=12)


@given(st.sets(st.integers(1, 6)), st.integers(1, 3), pairs, pairs)
def test_each_is_read_by_as_many_as_there_are_and_by_nobody_kept_from_it(
    applications: set[int], each: int, already: set[tuple[int, int]], barred: set[tuple[int, int]]
) -> None:
    added = shared_out(sorted(applications), PEOPLE, each=each, already=already, barred=barred)
    assert not set(added) & (already | barred)
    assert len(set(added)) == len(added)
    for application in applications:
        for own in PEOPLE.values():
            reading = {one for one in own if (one, application) in {*already, *added} - barred}
            willing = [one for one in own if (one, application) not in barred]
            assert len(reading) >= min(each, len(willing))


@given(st.integers(1, 12), st.integers(1, 2))
def test_what_is_new_is_shared_evenly(number: int, each: int) -> None:
    added = shared_out(range(1, number + 1), PEOPLE, each=each, already=())
    for own in PEOPLE.values():
        load = Counter(reviewer for reviewer, _ in added if reviewer in own)
        assert max(load[one] for one in own) - min(load[one] for one in own) <= 1


def test_sharing_out_again_adds_nothing() -> None:
    first = shared_out([1, 2, 3], PEOPLE, each=2, already=())
    assert shared_out([1, 2, 3], PEOPLE, each=2, already=first) == []


def test_whoever_is_recused_is_replaced_by_another_of_their_university() -> None:
    first = shared_out([1], PEOPLE, each=1, already=())
    recused = next(pair for pair in first if pair[0] in PEOPLE[1])
    ((reviewer, application),) = shared_out([1], PEOPLE, each=1, already=first, barred=[recused])
    assert application == 1
    assert reviewer in set(PEOPLE[1]) - {recused[0]}
