"""Sums of destinations tell of no single person."""

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.states import Region
from programme.strands.cohorts.talent.staying import ALSO_HIDDEN, FEWEST_TOLD, HIDDEN, Staying, staying, told

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1)


def test_those_of_the_two_regions_are_counted_in_the_country_too() -> None:
    where = [Region.LIVERPOOL] * 20 + [Region.OXFORDSHIRE] * 10 + [Region.UK] * 30 + [Region.ABROAD] * 40
    found = staying(where)
    assert found == Staying(answered=100, in_regions=30, in_uk=60)
    assert (found.share_in_regions, found.share_in_uk, found.is_told) == (30, 60, True)


def test_a_few_on_either_side_hide_the_share() -> None:
    assert not Staying(100, 30, 95).is_told
    assert not Staying(9, 9, 9).is_told
    assert Staying(30, 30, 30).is_told
    assert staying([]).share_in_uk == 0


@given(COUNTS)
def test_no_number_of_one_to_nine_people_is_told(counts: dict[str, int]) -> None:
    shown = told(counts)
    assert shown.keys() == counts.keys()
    for word, number in counts.items():
        if 0 < number < FEWEST_TOLD:
            assert shown[word] == HIDDEN
        else:
            assert shown[word] in {str(number), ALSO_HIDDEN}


@given(COUNTS)
def test_a_hidden_number_cannot_be_reckoned_from_the_sum_of_all(counts: dict[str, int]) -> None:
    shown = told(counts)
    hidden = [word for word, said in shown.items() if said in {HIDDEN, ALSO_HIDDEN}]
    others = [word for word, number in counts.items() if number and word not in hidden]
    assert len(hidden) != 1 or not others
