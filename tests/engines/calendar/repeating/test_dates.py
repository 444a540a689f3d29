"""Many dates from one rule, against a slow model."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programme.core.refusal import Refusal
from programme.engines.calendar.data.known_dates import bank_holidays, oxford_terms
from programme.engines.calendar.repeating.dates import (
    LONGEST,
    MOST,
    Avoided,
    Closed,
    OneDate,
    Repeat,
    Watched,
    dates_of,
)
from programme.engines.calendar.repeating.ways import ByList, ByRule, ByWeeks, Every, Planned
from programme.engines.calendar.term_weeks.weeks import DateStatus, Numbering, Term
from tests.engines.calendar.repeating import model

HOLIDAYS = {row.day: row.name for row in bank_holidays()}
OXFORD = tuple(oxford_terms())
MICHAELMAS = tuple(term for term in OXFORD if term.short == "MT26")
SPRING = Term("liverpool", "Semester 2", "S2", Numbering.COUNTED, date(2027, 1, 25), 8, DateStatus.CONFIRMED)
AFTER_EASTER = replace(SPRING, first_week=date(2027, 4, 12), weeks=4, first_number=9)
TWO, FOUR = time(14), time(16)
QUARTERS = st.integers(0, 24 * 4 - 2).map(lambda number: time(number // 4, number % 4 * 15))
DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))
WEEKDAYS = st.frozensets(st.integers(0, 6), max_size=3)


@st.composite
def rules(draw: st.DrawFn) -> ByRule:
    """Any rule with one of the two ends."""
    first, every = draw(DAYS), draw(st.sampled_from(Every))
    assume(every is not Every.MONTH or model.nth(first) < 5)
    until, count = None, None
    if draw(st.booleans()):
        until = first + timedelta(days=draw(st.integers(0, LONGEST.days)))
    else:
        count = draw(st.integers(1, MOST))
    return ByRule(first, every, draw(WEEKDAYS), until, count)


def days(found: tuple[OneDate, ...]) -> list[date]:
    return [row.day for row in found]


@given(
    rules(),
    QUARTERS,
    st.integers(1, 8),
    st.sampled_from([{}, HOLIDAYS]),
    st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=2),
)
def test_a_rule_gives_the_days_and_wall_times_of_the_model(
    rule: ByRule, begins: time, quarters: int, holidays: dict[date, str], closures: list[tuple[date, int]]
) -> None:
    minutes = min(begins.hour * 60 + begins.minute + quarters * 15, 24 * 60 - 15)
    ends = time(minutes // 60, minutes % 60)
    closed = tuple(Closed("Closed", first, first + timedelta(days=length)) for first, length in closures)
    avoided = Avoided(holidays, closed)

    def is_skipped(day: date) -> bool:
        return day in holidays or any(it.first <= day <= it.last for it in closed)

    end = rule.until or rule.first_day + LONGEST
    told = model.days_of(rule.first_day, rule.every.value, rule.weekdays, is_skipped=is_skipped, end=end)
    wanted = list(told)[: rule.count]
    repeat = Repeat(rule, begins, ends, avoided)
    if not wanted or len(wanted) > MOST or (rule.count and len(wanted) < rule.count):
        with pytest.raises(Refusal):
            dates_of(repeat)
        return
    found = dates_of(repeat)
    assert days(found.dates) == wanted
    assert not [row for row in found.skipped if not is_skipped(row.day)]
    for row in found.dates:
        assert row.ends_at > row.starts_at
        if model.exists_once(row.day, begins) and model.exists_once(row.day, ends):
            assert model.shows(row.starts_at, row.day, begins)
            assert model.shows(row.ends_at, row.day, ends)
            assert not row.warnings
        else:
            assert any("clocks" in words for words in row.warnings)


def test_weekly_stays_at_two_across_both_changes_of_the_clocks() -> None:
    rule = ByRule(date(2026, 10, 20), Every.WEEK, count=30)
    found = dates_of(Repeat(rule, TWO, FOUR)).dates
    assert {model.shows(row.starts_at, row.day, TWO) for row in found} == {True}
    assert {row.starts_at.hour for row in found} == {13, 14}
    assert {row.ends_at - row.starts_at for row in found} == {timedelta(hours=2)}


def test_the_night_of_a_change_is_warned_about() -> None:
    [spring] = dates_of(Repeat(ByList((Planned(date(2027, 3, 28)),)), time(1, 30), time(2, 15))).dates
    assert spring.starts_at.isoformat() == "2027-03-28T01:30:00+00:00"
    assert spring.ends_at - spring.starts_at == timedelta(minutes=45)
    assert spring.warnings == ("The clocks go forward: 01:30 does not exist that night, so it is an hour later",)
    [autumn] = dates_of(Repeat(ByList((Planned(date(2026, 10, 25)),)), time(1, 30), time(3))).dates
    assert autumn.starts_at.isoformat() == "2026-10-25T00:30:00+00:00"
    assert autumn.warnings == ("The clocks go back: 01:30 comes twice that night, and the first is taken",)


@given(st.integers(-1, 9), st.integers(0, 6))
def test_a_weekday_of_an_oxford_week_is_the_one_that_its_calendar_names(week: int, on: int) -> None:
    [found] = dates_of(Repeat(ByWeeks(MICHAELMAS, (week,), frozenset({on})), TWO, FOUR)).dates
    assert found.day.weekday() == on
    assert (found.day - date(2026, 10, 11)).days // 7 + 1 == week


def test_tuesdays_of_weeks_one_to_eight_of_michaelmas() -> None:
    way = ByWeeks(MICHAELMAS, tuple(range(1, 9)), frozenset({1}))
    found = dates_of(Repeat(way, TWO, FOUR, watched=(Watched("Oxford", OXFORD),)))
    assert days(found.dates) == [date(2026, 10, 13) + timedelta(weeks=week) for week in range(8)]
    assert not [row for row in found.dates if row.warnings]


def test_numbers_of_weeks_go_on_after_a_break() -> None:
    way = ByWeeks((SPRING, AFTER_EASTER), (8, 9), frozenset({0}))
    assert days(dates_of(Repeat(way, TWO, FOUR)).dates) == [date(2027, 3, 15), date(2027, 4, 12)]
    with pytest.raises(Refusal, match=r"Semester 2 has no week 13: it has weeks 1 to 12\."):
        dates_of(Repeat(replace(way, weeks=(13,)), TWO, FOUR))
    later = replace(AFTER_EASTER, first_number=10)
    with pytest.raises(Refusal, match=r"it has weeks 1 to 8 and 10 to 13\."):
        dates_of(Repeat(ByWeeks((SPRING, later), (9,), frozenset({0})), TWO, FOUR))


def test_a_count_is_of_the_dates_that_are_left() -> None:
    rule = ByRule(date(2027, 4, 26), Every.WEEK, count=4)
    found = dates_of(Repeat(rule, TWO, FOUR, Avoided(HOLIDAYS)))
    assert days(found.dates) == [date(2027, 4, 26), date(2027, 5, 10), date(2027, 5, 17), date(2027, 5, 24)]
    assert [(row.day, row.reason) for row in found.skipped] == [(date(2027, 5, 3), "Early May bank holiday")]


def test_dates_outside_of_terms_and_beyond_what_is_known_are_warned_about() -> None:
    listed = ByList(tuple(Planned(day) for day in (date(2027, 2, 2), date(2027, 3, 30), date(2029, 12, 18))))
    watched = (Watched("Oxford", OXFORD), Watched("Liverpool", ()))
    avoided = Avoided(known_until=date(2029, 11, 30))
    found = dates_of(Repeat(listed, TWO, FOUR, avoided, watched)).dates
    assert [row.warnings[0] for row in found] == [
        "Liverpool’s terms are not known for then",
        "Outside Oxford’s terms",
        "Outside Oxford’s terms",
    ]
    assert found[2].warnings[-1] == "Bank holidays are known until Friday 30 November 2029 only"


def test_a_listed_date_may_have_a_time_of_its_own_and_keeps_the_length() -> None:
    [found] = dates_of(Repeat(ByList((Planned(date(2027, 2, 2), time(9, 30)),)), TWO, FOUR)).dates
    assert (found.starts_at.hour, found.ends_at.hour, found.ends_at.minute) == (9, 11, 30)


@pytest.mark.parametrize(
    ("rule", "field", "words"),
    [
        (ByRule(date(2027, 1, 1), Every.WEEK), "count", "one of the two"),
        (ByRule(date(2027, 1, 1), Every.WEEK, until=date(2028, 1, 1), count=3), "count", "one of the two"),
        (ByRule(date(2027, 1, 1), Every.WEEK, count=201), "count", "from 1 to 200"),
        (ByRule(date(2027, 1, 1), Every.DAY, until=date(2027, 12, 31)), "until", "more than 200"),
        (ByRule(date(2027, 1, 1), Every.WEEK, until=date(2031, 1, 1)), "until", "three years"),
        (ByRule(date(2027, 1, 1), Every.WEEK, until=date(2026, 1, 1)), "until", "before the first"),
        (ByRule(date(2027, 1, 1), Every.LAST, count=60), "count", "only 36"),
        (ByRule(date(2027, 1, 29), Every.MONTH, count=3), "every", "fifth"),
    ],
)
def test_what_has_no_bounds_or_no_sense_is_refused(rule: ByRule, field: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        dates_of(Repeat(rule, TWO, FOUR))
    assert refused.value.field == field


def test_nothing_left_and_an_end_before_the_start_are_refused() -> None:
    alone = ByList((Planned(date(2027, 5, 3)),))
    with pytest.raises(Refusal, match="all of them fall on days that are skipped"):
        dates_of(Repeat(alone, TWO, FOUR, Avoided(HOLIDAYS)))
    with pytest.raises(Refusal, match="later than the start"):
        dates_of(Repeat(alone, FOUR, TWO))
    far = ByList((Planned(date(2027, 5, 3)), Planned(date(2031, 5, 3))))
    with pytest.raises(Refusal, match="three years"):
        dates_of(Repeat(far, TWO, FOUR))
