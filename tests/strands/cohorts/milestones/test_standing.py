"""How milestones stand on a day, and what a change moves."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.milestones.course import Course, Pause
from programme.strands.cohorts.milestones.moves import When, moves
from programme.strands.cohorts.milestones.reckoning import reckon
from programme.strands.cohorts.milestones.standing import SOON, Standing, Station, present_unit, standings
from programme.strands.cohorts.milestones.units import Counting, Units
from tests.strands.cohorts.milestones.test_reckoning import HT27, MONTHS, MT26, OXFORD, TERMS, YEARS

TODAY = date(2027, 10, 1)
days = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2031, 1, 1)))
stations = st.builds(Station, st.sampled_from(["open", "handed_in", "done", "exempt"]), st.integers(6_080, 6_095), days)


@given(st.lists(stations, max_size=15))
def test_nothing_is_late_or_due_while_somebody_is_suspended(found: list[Station]) -> None:
    how = standings(found, today=TODAY, is_suspended=True)
    assert not {Standing.OVERDUE, Standing.DUE} & set(how)
    assert (Standing.SUSPENDED in how) == any(one.state == "open" for one in found)


@given(st.lists(stations, max_size=15))
def test_a_station_stands_as_its_state_and_day_say(found: list[Station]) -> None:
    for one, how in zip(found, standings(found, today=TODAY, is_suspended=False), strict=True):
        assert (how is Standing.DONE) == (one.state == "done")
        late = one.state == "open" and one.day is not None and one.day < TODAY
        assert (how is Standing.OVERDUE) == late
        if how is Standing.DUE:
            assert one.day is not None
            assert timedelta(0) <= one.day - TODAY <= SOON


def test_day_itself_is_not_late() -> None:
    at = Station("open", MT26, TODAY)
    assert standings([at], today=TODAY, is_suspended=False) == [Standing.DUE]
    assert standings([at], today=TODAY + timedelta(days=1), is_suspended=False) == [Standing.OVERDUE]


def test_vacation_belongs_to_the_term_before_it() -> None:
    assert OXFORD.short(present_unit(OXFORD, date(2026, 12, 25))) == "MT26"
    assert OXFORD.short(present_unit(OXFORD, date(2027, 1, 18))) == "HT27"
    assert MONTHS.name(present_unit(MONTHS, date(2027, 2, 28))) == "February 2027"


@given(st.dates(date(2026, 10, 1), date(2030, 6, 1)))
def test_present_term_has_begun_and_the_next_has_not(day: date) -> None:
    unit = present_unit(OXFORD, day)
    span, following = OXFORD.span(unit), OXFORD.span(unit + 1)
    assert span is None or span.first <= day
    assert following is None or day < following.first


@given(st.dates(date(2026, 10, 1), date(2034, 6, 1)), st.sampled_from([OXFORD, MONTHS]))
def test_a_unit_is_the_present_one_from_its_first_day_until_the_next_one_s(day: date, units: Units) -> None:
    unit = present_unit(units, day)
    assert units.first_day(unit) <= day < units.first_day(unit + 1)


def test_first_day_of_a_term_without_dates_is_where_terms_usually_begin() -> None:
    units = Units(Counting.TERMS, OXFORD.named)
    assert [units.first_day(MT26 + later) for later in range(4)] == [
        date(2026, 9, 1),
        date(2027, 1, 1),
        date(2027, 5, 1),
        date(2027, 9, 1),
    ]


def test_suspending_a_term_moves_what_the_worked_case_says() -> None:
    was, will = reckon(TERMS, Course(MT26), OXFORD), reckon(TERMS, Course(MT26, pauses=(Pause(HT27, 1),)), OXFORD)
    found = {one.code: (one.before, one.after) for one in moves(was, will, OXFORD)}
    assert found["transfer"] == (When("4 December 2027"), When("11 March 2028"))
    assert found["submission"] == (When("22 June 2030"), When("Michaelmas 2030", is_dated=False))


def test_what_is_fixed_does_not_move_and_yearly_ones_fall_away_or_come_new() -> None:
    october = 2026 * 12 + 9
    paused = Course(october, pauses=(Pause(october + 3, 12),))
    was, will = reckon(YEARS, Course(october), MONTHS), reckon(YEARS, paused, MONTHS)
    found = {(one.code, one.occurrence): (one.before, one.after) for one in moves(was, will, MONTHS)}
    assert found["report", 2027] == (When("30 June 2027"), None)
    assert found["report", 2031] == (None, When("30 June 2031"))
    fixed = moves(was, will, MONTHS, fixed=[("report", 2027)])
    assert ("report", 2027) not in {(one.code, one.occurrence) for one in fixed}
