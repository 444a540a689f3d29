"""Sums of training: whatever a record holds, only what was assented to counts, once, in one year."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.states import TrainingItem, TrainingUnit
from programme.strands.cohorts.training.summing import (
    JUNE,
    Line,
    Standing,
    Target,
    covered,
    in_units,
    missing,
    once,
    summed,
    year_from,
    year_of,
)

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
CODES = st.lists(st.sampled_from(["A1", "A2", "B1", "C3", "D2"]), max_size=3).map(tuple)
LINES = st.lists(
    st.builds(
        Line,
        about=st.tuples(st.just("event"), st.integers(1, 12)),
        day=DAYS,
        minutes=st.integers(15, 3000),
        standing=st.sampled_from(Standing),
        codes=CODES,
        item=st.none() | st.sampled_from(TrainingItem),
    ),
    max_size=12,
)
TARGETS = st.builds(Target, st.integers(0, 40), st.sampled_from(TrainingUnit), st.integers(1, 12))
YEARS = range(2022, 2034)


def test_hours_become_what_an_award_counts_in() -> None:
    assert in_units(7 * 60, Target(10)) == 1
    assert in_units(210, Target(10)) == Fraction(1, 2)
    assert in_units(8 * 60, Target(10, hours_a_day=8)) == 1
    assert in_units(90, Target(70, TrainingUnit.HOURS)) == Fraction(3, 2)
    assert in_units(300, Target(30, TrainingUnit.CREDITS)) == Fraction(1, 2)


def test_a_year_begins_in_october_and_that_of_the_portfolio_in_june() -> None:
    year, portfolio = year_from(2026), year_from(2026, month=JUNE)
    assert (year.first, year.last, year.name) == (date(2026, 10, 1), date(2027, 9, 30), "2026/27")
    assert (portfolio.first, portfolio.last) == (date(2026, 6, 1), date(2027, 5, 31))
    assert year_of(date(2027, 9, 30)) == year
    assert year_of(date(2027, 5, 31), month=JUNE) == portfolio
    assert year_of(date(2027, 6, 1), month=JUNE).first.year == 2027
    assert year_from(2099).name == "2099/00"


@given(DAYS, st.integers(1, 12))
def test_every_day_is_of_exactly_one_year(day: date, month: int) -> None:
    assert [year for year in (year_from(n, month=month) for n in YEARS) if year.holds(day)] == [
        year_of(day, month=month)
    ]
    assert not year_of(day + timedelta(366), month=month).holds(day)


@given(LINES, TARGETS)
def test_years_together_come_to_what_was_assented_to_and_nothing_counts_twice(
    lines: list[Line], target: Target
) -> None:
    counts = [line for line in once(lines) if line.standing is Standing.AGREED]
    whole = sum((summed(lines, year_from(n), target).agreed for n in YEARS), Fraction(0))
    assert whole == in_units(sum(line.minutes for line in counts), target)
    assert len({line.about for line in counts}) == len(counts)
    for n in YEARS:
        assert summed(lines * 2, year_from(n), target) == summed(lines, year_from(n), target)


@given(LINES, TARGETS)
def test_what_was_refused_never_counts_nor_waits(lines: list[Line], target: Target) -> None:
    distinct = once(lines)
    without = [line for line in distinct if line.standing is not Standing.REFUSED]
    for n in YEARS:
        assert summed(distinct, year_from(n), target) == summed(without, year_from(n), target)
    assert covered(distinct) == covered(without)
    assert missing(distinct) == missing(without)


@given(LINES, TARGETS)
def test_handing_in_more_never_takes_anything_off(lines: list[Line], target: Target) -> None:
    distinct = once(lines)
    agreed = [Line(one.about, one.day, one.minutes, Standing.AGREED, one.codes, one.item) for one in distinct]
    for n in YEARS:
        before, after = summed(distinct, year_from(n), target), summed(agreed, year_from(n), target)
        assert after.agreed >= before.agreed
        assert after.waiting == 0
        assert after.lacking <= before.lacking


@given(LINES)
def test_parts_share_the_time_of_a_line_equally(lines: list[Line]) -> None:
    sorted_by = [line for line in once(lines) if line.standing is Standing.AGREED and line.codes]
    assert sum(covered(lines).values()) == sum(line.minutes for line in sorted_by)


@given(LINES)
def test_what_is_missing_has_no_line_that_was_assented_to(lines: list[Line]) -> None:
    done = {line.item for line in once(lines) if line.standing is Standing.AGREED}
    assert set(missing(lines)) == set(TrainingItem) - done


def test_what_was_said_first_of_a_thing_stands() -> None:
    day = date(2026, 11, 3)
    refused = Line(("event", 1), day, 60, Standing.REFUSED)
    draft = Line(("event", 1), day, 60, Standing.DRAFT)
    assert summed([refused, draft], year_from(2026), Target(10)).waiting == 0
