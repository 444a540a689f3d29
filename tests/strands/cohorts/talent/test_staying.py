"""Sums of destinations tell of no single person."""

from programme.strands.cohorts.states import Region
from programme.strands.cohorts.talent.staying import Staying, staying


def test_those_of_the_two_regions_are_counted_in_the_country_too() -> None:
    where = [Region.LIVERPOOL] * 20 + [Region.OXFORDSHIRE] * 10 + [Region.UK] * 30 + [Region.ABROAD] * 40
    found = staying(where)
    assert (found.answered, found.in_regions, found.in_uk) == (100, 30, 60)
    assert (found.share_in_regions, found.share_in_uk, found.is_told) == (30, 60, True)


def test_a_few_on_either_side_hide_the_share() -> None:
    assert not Staying(100, 30, 95).is_told
    assert not Staying(9, 9, 9).is_told
    assert Staying(30, 30, 30).is_told
    assert staying([]).share_in_uk == 0


def test_a_few_in_one_of_two_regions_hide_the_share_of_both() -> None:
    where = [Region.LIVERPOOL] * 3 + [Region.OXFORDSHIRE] * 20 + [Region.UK] * 11 + [Region.ABROAD] * 30
    assert not staying(where).is_told, "23 in both, and 20 in the one, would tell the 3"
    assert staying(where * 4).is_told
