"""Sums for those who may know only sums."""

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.roll.counts import ALSO_HIDDEN, FEWEST_TOLD, HIDDEN, told_sums


def test_small_numbers_are_hidden_and_large_ones_told() -> None:
    assert told_sums({"a": 3, "b": 4, "c": 1200}) == {"a": HIDDEN, "b": HIDDEN, "c": "1,200"}


def test_single_small_number_takes_another_along() -> None:
    assert told_sums({"a": 3, "b": 40, "c": 30}) == {"a": HIDDEN, "b": "40", "c": ALSO_HIDDEN}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 60), max_size=6))
def test_no_hidden_number_follows_from_the_total(counts: dict[str, int]) -> None:
    told = told_sums(counts)
    hidden = [key for key, words in told.items() if words in {HIDDEN, ALSO_HIDDEN}]
    assert all(key in hidden for key, number in counts.items() if 0 < number < FEWEST_TOLD)
    large = [key for key, number in counts.items() if number >= FEWEST_TOLD]
    assert len(hidden) != 1 or not large
