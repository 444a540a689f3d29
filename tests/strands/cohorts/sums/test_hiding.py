"""From sums, told beside the sum of all, nobody reckons a number of one to nine people."""

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.sums.hiding import FEWEST_TOLD, HIDDEN, is_told, number_told, told

COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 25), min_size=1)


def worlds(shown: Mapping[str, str], total: int) -> Iterator[tuple[int, ...]]:
    """Every way in which hidden numbers can come to what is left of the sum."""
    hidden = [word for word, said in shown.items() if said == HIDDEN]
    left = total - sum(int(said) for said in shown.values() if said != HIDDEN)
    for numbers in product(range(1, left + 1), repeat=max(0, len(hidden) - 1)):
        if hidden and left - sum(numbers) >= 1:
            yield (*numbers, left - sum(numbers))


@given(COUNTS)
def test_no_number_of_one_to_nine_people_is_told(counts: dict[str, int]) -> None:
    shown = told(counts)
    assert shown.keys() == counts.keys()
    for word, number in counts.items():
        assert shown[word] == HIDDEN if 0 < number < FEWEST_TOLD else shown[word] in {str(number), HIDDEN}


@given(COUNTS)
def test_hidden_numbers_cannot_be_reckoned_from_the_sum_of_all(counts: dict[str, int]) -> None:
    shown, total = told(counts), sum(counts.values())
    if total < FEWEST_TOLD or HIDDEN not in shown.values():
        return
    possible = list(worlds(shown, total))
    assert len(possible) > 1 or set(shown.values()) == {HIDDEN} or len(counts) == 1, shown
    for column in zip(*possible, strict=True):
        assert len(set(column)) > 1 or len([one for one in counts.values() if one]) == 1


def test_two_that_come_to_two_are_not_hidden_by_themselves() -> None:
    assert told({"a": 1, "b": 1, "c": 30, "d": 12}) == {"a": HIDDEN, "b": HIDDEN, "c": "30", "d": HIDDEN}


def test_a_share_is_told_where_no_side_is_a_few() -> None:
    assert is_told(12, 0)
    assert not is_told(12, 3)
    assert not is_told(4, 0)
    assert (number_told(0), number_told(9), number_told(1200)) == ("0", "fewer than 10", "1,200")
