"""Meetings counted as a university asks: properties, and the two universities by example."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.meetings.counting import MeetingRule, Met, SlotState, Studied, Year, year_around, year_of
from programme.strands.cohorts.meetings.periods import Periods
from programme.strands.cohorts.milestones.course import Course, Pause, Rate
from programme.strands.cohorts.milestones.units import Counting, Named, Span, Units

TERMS = (Named("Michaelmas", "MT"), Named("Hilary", "HT", 1), Named("Trinity", "TT", 1))
KNOWN = {
    6078: Span(date(2026, 10, 4), date(2026, 12, 5)),
    6079: Span(date(2027, 1, 10), date(2027, 3, 13)),
    6080: Span(date(2027, 4, 18), date(2027, 6, 19)),
    6081: Span(date(2027, 10, 3), date(2027, 12, 4)),
}
MONTHLY = Periods(Units(Counting.MONTHS))
TERMLY = Periods(Units(Counting.TERMS, TERMS, KNOWN))
NONE_KNOWN = Periods(Units(Counting.TERMS, TERMS))
LIVERPOOL, OXFORD = MeetingRule(1, 2, 6), MeetingRule(1, 1, 10)
BEGUN = date(2026, 10, 1)
S = SlotState

days = st.dates(min_value=date(2025, 1, 1), max_value=date(2031, 12, 31))
kinds = st.sampled_from([MONTHLY, TERMLY, NONE_KNOWN])


def monthly(*pauses: Pause, rate: int = 100, ended: date | None = None) -> Studied:
    entry = MONTHLY.number_of(BEGUN)
    return Studied(Course(entry, (Rate(entry, rate),), pauses), MONTHLY, BEGUN, ended)


@st.composite
def studies(draw: st.DrawFn, periods: Periods) -> Studied:
    begun = draw(days)
    entry = periods.number_of(begun)
    rates = (Rate(entry, draw(st.sampled_from([50, 100]))), Rate(entry + draw(st.integers(1, 8)), 100))
    pauses = [Pause(entry + draw(st.integers(0, 20)), draw(st.integers(1, 6))) for _ in range(draw(st.integers(0, 3)))]
    return Studied(Course(entry, rates, tuple(pauses)), periods, begun)


@st.composite
def years(draw: st.DrawFn) -> tuple[MeetingRule, Periods, Studied, list[Met], date]:
    periods = draw(kinds)
    rule = MeetingRule(draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 12)))
    met = draw(st.lists(st.builds(Met, days, st.booleans()), max_size=12))
    return rule, periods, draw(studies(periods)), met, draw(days)


def counted(given_year: tuple[MeetingRule, Periods, Studied, list[Met], date]) -> Year:
    rule, periods, studied, met, today = given_year
    return year_of(rule, periods, studied, met, today=today)


@given(kinds, days)
def test_every_day_lies_in_one_period(periods: Periods, day: date) -> None:
    number = periods.number_of(day)
    assert periods.begins(number) <= day <= periods.ends(number)
    assert periods.begins(number) <= periods.middle(number) <= periods.ends(number)


@given(kinds, days, st.integers(1, 12))
def test_periods_of_years_follow_each_other_without_gap_or_doubling(periods: Periods, day: date, month: int) -> None:
    first, last = year_around(day, month)
    assert first <= day <= last
    this, following = periods.within(first, last), periods.within(*year_around(last + timedelta(days=1), month))
    assert this == list(range(this[0], this[0] + len(this)))
    assert following[0] == this[-1] + 1


@given(years())
def test_slots_have_each_period_of_the_year_once(
    given_year: tuple[MeetingRule, Periods, Studied, list[Met], date],
) -> None:
    rule, periods, _, _, today = given_year
    year = counted(given_year)
    numbers = sorted(number for slot in year.slots for number in slot.numbers)
    assert numbers == periods.within(*year_around(today, rule.year_month))


@given(years())
def test_no_more_is_done_than_met_and_asked(given_year: tuple[MeetingRule, Periods, Studied, list[Met], date]) -> None:
    year = counted(given_year)
    assert 0 <= year.done <= year.asked <= len(year.slots)
    assert year.done <= sum(one.is_agreed for one in given_year[3])


@given(years(), days)
def test_one_more_agreed_meeting_never_makes_it_worse(
    given_year: tuple[MeetingRule, Periods, Studied, list[Met], date], day: date
) -> None:
    rule, periods, studied, met, today = given_year
    before, after = counted(given_year), counted((rule, periods, studied, [*met, Met(day, is_agreed=True)], today))
    assert after.done >= before.done
    assert after.count(S.MISSING) <= before.count(S.MISSING)


@given(years())
def test_nothing_is_asked_in_a_pause(given_year: tuple[MeetingRule, Periods, Studied, list[Met], date]) -> None:
    rule, periods, studied, met, today = given_year
    first = studied.course.entry
    rests = Studied(Course(first, studied.course.rates, (Pause(first - 50, 400),)), periods, studied.begun)
    year = counted((rule, periods, rests, met, today))
    assert year.asked == 0
    assert {slot.state for slot in year.slots} <= {S.PAUSED, S.FREE}


@given(years())
def test_half_as_much_is_asked_of_whoever_studies_in_part(
    given_year: tuple[MeetingRule, Periods, Studied, list[Met], date],
) -> None:
    _, periods, studied, _, today = given_year
    rule = MeetingRule(1, 2, 6)
    of_rate = [
        counted(
            (rule, periods, Studied(Course(studied.course.entry, (Rate(0, rate),)), periods, studied.begun), [], today)
        )
        for rate in (50, 100)
    ]
    part, full = (one.count(S.MISSING, S.AHEAD) for one in of_rate)
    assert part == full // 2


def test_liverpool_counts_months_from_june_to_may() -> None:
    met = [date(2026, 11, 3), date(2026, 11, 20), date(2026, 12, 1), date(2027, 1, 12), date(2027, 2, 9)]
    year = year_of(LIVERPOOL, MONTHLY, monthly(), [Met(day, is_agreed=True) for day in met], today=date(2027, 3, 2))
    assert year.first == date(2026, 6, 1)
    assert [slot.state for slot in year.slots] == [*[S.FREE] * 4, S.MISSING, *[S.DONE] * 4, *[S.AHEAD] * 3]
    assert year.words == "4 of 5 since June; none in October"
    assert [slot.short for slot in year.slots][:2] == ["Jun 26", "Jul 26"]


def test_part_time_at_liverpool_is_every_two_months() -> None:
    year = year_of(
        LIVERPOOL, MONTHLY, monthly(rate=50), [Met(date(2026, 11, 30), is_agreed=True)], today=date(2027, 2, 1)
    )
    assert [slot.name for slot in year.slots[4:]] == [
        "October and November",
        "December and January",
        "February and March",
        "April and May",
    ]
    assert year.words == "1 of 2 since June; none in December and January"


def test_a_suspension_is_left_out_and_a_meeting_not_agreed_is_said() -> None:
    pause = Pause(MONTHLY.number_of(date(2026, 11, 1)), 2)
    met = [Met(date(2026, 10, 8), is_agreed=True), Met(date(2027, 1, 8), is_agreed=False)]
    year = year_of(LIVERPOOL, MONTHLY, monthly(pause), met, today=date(2027, 2, 1))
    assert [slot.state for slot in year.slots[4:9]] == [S.DONE, S.PAUSED, S.PAUSED, S.WAITING, S.AHEAD]
    assert year.words == "1 of 2 since June; not agreed yet in January"


@pytest.mark.parametrize("periods", [TERMLY, NONE_KNOWN])
def test_oxford_counts_terms_each_with_the_vacation_after_it(periods: Periods) -> None:
    entry = 2026 * 3
    studied = Studied(Course(entry, (Rate(entry, 50),)), periods, BEGUN)
    met = [Met(date(2026, 12, 20), is_agreed=True)]
    year = year_of(OXFORD, periods, studied, met, today=date(2027, 5, 3))
    assert [(slot.name, slot.state) for slot in year.slots] == [
        ("Michaelmas", S.DONE),
        ("Hilary", S.MISSING),
        ("Trinity", S.AHEAD),
    ]
    assert year.words == "1 of 2 since October; none in Hilary"


def test_nothing_is_asked_before_a_course_begins_and_after_it_ends() -> None:
    early = year_of(LIVERPOOL, MONTHLY, monthly(), [], today=date(2026, 9, 1))
    assert early.words == "None asked yet since June"
    ended = year_of(LIVERPOOL, MONTHLY, monthly(ended=date(2026, 12, 1)), [], today=date(2027, 5, 1))
    assert ended.words == "0 of 2 since June; none in October and November"
