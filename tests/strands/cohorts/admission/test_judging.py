"""What scores come to: order says nothing, whoever is recused never counts, and weights are parts of a whole."""

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.admission.judging import HIGHEST, MOST_HALF_POINTS, Scores, is_locked, judged, mean_of
from programme.strands.cohorts.admission.reviewing.conflicts import counts, place_of
from programme.strands.cohorts.admission.states import Conflict, Place, Ruling
from tests.factories.admissions import NOW, REVIEWS_BY

CRITERIA = (1, 2, 3)
weights = st.fixed_dictionaries({one: st.integers(0, 20) for one in CRITERIA}).filter(lambda one: any(one.values()))
points = st.integers(0, MOST_HALF_POINTS)
scores = st.builds(
    Scores, st.dictionaries(st.sampled_from(CRITERIA), points, max_size=len(CRITERIA)), counts=st.booleans()
)


@given(st.lists(scores, max_size=6).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one))), weights)
def test_order_of_reviewers_says_nothing(pair: tuple[list[Scores], list[Scores]], given: dict[int, int]) -> None:
    assert judged(pair[0], given) == judged(pair[1], given)


@given(st.lists(scores, max_size=6), weights)
def test_mean_lies_within_what_was_given(every: list[Scores], given: dict[int, int]) -> None:
    found = judged(every, given)
    if found.mean is None:
        assert (found.number, found.spread) == (0, None)
        return
    means = [float(mean) for one in every if one.counts for mean in [mean_of(one, given)] if mean is not None]
    assert min(means) - 1e-9 <= found.mean <= max(means) + 1e-9
    assert 0 <= found.mean <= HIGHEST
    assert found.spread is None or 0 <= found.spread <= HIGHEST / 2 + 1e-9


@given(st.lists(scores, max_size=5), weights, st.dictionaries(st.sampled_from(CRITERIA), points))
def test_whoever_is_recused_never_counts(every: list[Scores], given: dict[int, int], said: dict[int, int]) -> None:
    assert judged([*every, Scores(said, counts=False)], given) == judged(every, given)


@given(st.lists(scores, max_size=5), weights, st.integers(1, 50))
def test_weights_are_parts_of_a_whole(every: list[Scores], given: dict[int, int], times: int) -> None:
    assert judged(every, {one: weight * times for one, weight in given.items()}) == judged(every, given)


@given(weights, st.fixed_dictionaries(dict.fromkeys(CRITERIA, points)))
def test_more_points_never_lower_a_mean(given: dict[int, int], said: dict[int, int]) -> None:
    more = {one: min(MOST_HALF_POINTS, number + 1) for one, number in said.items()}
    lower, higher = mean_of(Scores(said), given), mean_of(Scores(more), given)
    assert lower is not None
    assert higher is not None
    assert lower <= higher


def test_a_weighted_mean_is_reckoned_by_hand() -> None:
    both = [Scores({1: 10, 2: 4}), Scores({1: 6, 2: 2})]
    found = judged(both, {1: 3, 2: 1})
    assert (found.number, found.mean, found.spread) == (2, 3.375, 0.875)


def test_a_reviewer_counts_once_everything_that_weighs_is_scored() -> None:
    assert judged([Scores({1: 8})], {1: 1, 2: 1}).number == 0
    assert judged([Scores({1: 8})], {1: 1, 2: 0}).mean == 4.0


def test_what_recuses_does_so_whatever_the_chair_says() -> None:
    for conflict in (Conflict.SUPERVISOR_OR_MENTOR, Conflict.FINANCIAL, Conflict.PERSONAL):
        assert all(place_of(conflict, ruling) is Place.RECUSED for ruling in (None, *Ruling))


def test_the_chair_decides_about_one_department_and_nobody_counts_before_they_declare() -> None:
    assert place_of(Conflict.SAME_DEPARTMENT, None) is Place.WITH_CHAIR
    assert counts(Conflict.SAME_DEPARTMENT, Ruling.MAY_REVIEW)
    assert not counts(Conflict.SAME_DEPARTMENT, Ruling.RECUSED)
    assert not counts(Conflict.SAME_DEPARTMENT, None)
    assert not counts(None, Ruling.MAY_REVIEW)
    assert counts(Conflict.NONE, None)


def test_scores_are_locked_from_the_end_on_but_for_whom_it_is_opened_again() -> None:
    later = REVIEWS_BY.replace(hour=18)
    assert not is_locked(REVIEWS_BY, None, now=NOW)
    assert is_locked(REVIEWS_BY, None, now=REVIEWS_BY)
    assert not is_locked(REVIEWS_BY, later, now=REVIEWS_BY)
    assert is_locked(REVIEWS_BY, later, now=later)
    assert not is_locked(None, None, now=later)
