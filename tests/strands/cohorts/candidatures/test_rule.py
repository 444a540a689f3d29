"""What may stand in a candidature: pure rules."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.candidatures.rule import joined_rates, names_of, unit_called, wrong_dates, wrong_rate
from programme.strands.cohorts.milestones.course import Course, Rate
from programme.strands.cohorts.milestones.units import Counting, Named, Units

TERMS = Units(Counting.TERMS, (Named("Michaelmas", "MT"), Named("Hilary", "HT", 1), Named("Trinity", "TT", 1)))
MONTHS = Units(Counting.MONTHS)
BEGIN = date(2026, 10, 1)
DAYS = st.integers(-9_000, 9_000).map(lambda days: BEGIN + timedelta(days=days))


@given(number=st.integers(2_000 * 12, 2_090 * 12), away=st.integers(-5, 5), units=st.sampled_from([TERMS, MONTHS]))
def test_every_name_of_a_unit_leads_back_to_it(number: int, away: int, units: Units) -> None:
    number = number if units is MONTHS else number // 4
    for name in names_of(number, units):
        assert unit_called(f"  {name.upper()} ", units, around=number + away) == number


def test_what_is_no_unit_is_none() -> None:
    for text in ("", "Lent 2026", "Michaelmas", "MT", "2026", "October 26", "TT1926"):
        assert unit_called(text, TERMS, around=2026 * 3) is None


@given(registered=DAYS, funded=st.none() | DAYS, deadline=st.none() | DAYS)
def test_days_are_refused_exactly_where_they_are_out_of_order(
    registered: date, funded: date | None, deadline: date | None
) -> None:
    wrong = wrong_dates(registered, funded, deadline)
    is_early = (funded is not None and funded < registered) or (deadline is not None and deadline <= registered)
    is_far = any(day is not None and day.year > registered.year + 20 for day in (funded, deadline))
    assert (wrong is not None) is (is_early or is_far)
    assert wrong is None or wrong.field in {"funded_until", "submission_deadline"}


@given(st.integers())
def test_rate_is_a_part_of_full_time(per_cent: int) -> None:
    assert (wrong_rate(per_cent) is None) is (10 <= per_cent <= 100)


@given(st.dictionaries(st.integers(0, 40), st.sampled_from([30, 50, 80, 100]), min_size=1))
def test_joining_rates_changes_no_unit(rates: dict[int, int]) -> None:
    written = tuple(Rate(first, per_cent) for first, per_cent in sorted(rates.items()))
    joined = joined_rates(written)
    before, after = Course(0, written), Course(0, tuple(joined))
    assert [before.rate(unit) for unit in range(45)] == [after.rate(unit) for unit in range(45)]
    assert all(one.per_cent != other.per_cent for one, other in pairwise(joined))
