"""When milestones are due: the worked case, and what holds of every course."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.data.known_dates import oxford_terms
from programme.engines.calendar.term_weeks.weeks import DateStatus
from programme.strands.cohorts.milestones.course import Course, Pause, Rate
from programme.strands.cohorts.milestones.reckoning import ONCE, Due, Falls, Reckoned, Rule, reckon
from programme.strands.cohorts.milestones.units import Counting, Named, Units, units_of_terms

OXFORD = units_of_terms(
    (Named("Michaelmas", "MT"), Named("Hilary", "HT", 1), Named("Trinity", "TT", 1)), oxford_terms()
)
MONTHS = Units(Counting.MONTHS)
MT26, HT27 = 2026 * 3, 2026 * 3 + 1
TERMS = (
    Rule("integrity", Reckoned.BEFORE, base="transfer", weeks=4),
    Rule("transfer", Reckoned.COUNTED, 4),
    Rule("confirmation", Reckoned.COUNTED, 9),
    Rule("examiners", Reckoned.BEFORE, base="submission", weeks=5),
    Rule("abstract", Reckoned.BEFORE, base="submission", weeks=12),
    Rule("submission", Reckoned.COUNTED, 12, is_last=True),
)
YEARS = (
    Rule("portfolio", Reckoned.YEARLY, 3, place=4),
    Rule("panel", Reckoned.BEFORE, base="report", weeks=2),
    Rule("report", Reckoned.YEARLY, 3, place=5),
    Rule("notice", Reckoned.BEFORE, base="submission", weeks=10),
    Rule("submission", Reckoned.COUNTED, 48, is_last=True),
)
OCTOBER_26 = 2026 * 12 + 9


def due(course: Course, rules: Iterable[Rule] = TERMS, units: Units = OXFORD) -> dict[str, Due]:
    """Return what is due once, by code."""
    return {one.code: one for one in reckon(rules, course, units)}


def days(course: Course, code: str, rules: Iterable[Rule] = YEARS, units: Units = MONTHS) -> list[date | None]:
    """Return the days of one milestone."""
    return [one.day for one in reckon(rules, course, units) if one.code == code]


def test_full_time_from_michaelmas_2026_is_due_as_oxford_counts_it() -> None:
    found = due(Course(MT26))
    assert found["transfer"].day == date(2027, 12, 4)
    assert found["confirmation"].day == date(2029, 6, 16)
    assert found["submission"].day == date(2030, 6, 22)
    assert OXFORD.name(found["transfer"].unit) == "Michaelmas 2027"
    assert OXFORD.short(found["submission"].unit) == "TT30"
    assert found["integrity"].day == date(2027, 11, 6)


def test_a_term_suspended_moves_each_by_a_term_and_the_last_to_one_whose_dates_nobody_knows() -> None:
    found = due(Course(MT26, pauses=(Pause(HT27, 1),)))
    assert found["transfer"].day == date(2028, 3, 11)
    assert found["confirmation"].day == date(2029, 12, 1)
    assert found["submission"].day is None
    assert OXFORD.name(found["submission"].unit) == "Michaelmas 2030"
    assert found["examiners"].day is None
    assert found["examiners"].unit == found["submission"].unit


def test_half_the_rate_transfers_in_the_eighth_term_and_confirms_in_the_eighteenth() -> None:
    found = due(Course(MT26, rates=(Rate(MT26, 50),)))
    assert [found[code].unit - MT26 + 1 for code in ("transfer", "confirmation", "submission")] == [8, 18, 24]


def test_a_change_of_rate_counts_from_its_term_on() -> None:
    found = due(Course(MT26, rates=(Rate(MT26, 100), Rate(MT26 + 2, 50))))
    assert found["transfer"].unit == MT26 + 5


def test_an_extension_moves_what_it_was_granted_for_alone() -> None:
    plain, extended = due(Course(MT26)), due(Course(MT26, extended={"transfer": 2}))
    assert extended["transfer"].unit == plain["transfer"].unit + 2
    assert extended["confirmation"] == plain["confirmation"]


def test_an_extension_passes_term_by_term_for_those_who_study_part_time() -> None:
    plain, extended = (
        due(Course(MT26, rates=(Rate(MT26, 50),), extended=granted)) for granted in ({}, {"submission": 3})
    )
    assert extended["submission"].unit == plain["submission"].unit + 3


def test_a_department_that_waits_until_noughth_week_has_the_friday_of_it() -> None:
    rules = (Rule("transfer", Reckoned.COUNTED, 4, falls=Falls.NOUGHTH_FRIDAY),)
    found = due(Course(MT26), rules)["transfer"]
    assert (OXFORD.short(found.unit), found.day) == ("HT28", date(2028, 1, 14))


def test_yearly_reports_come_every_june_until_the_course_ends() -> None:
    assert days(Course(OCTOBER_26), "report") == [date(year, 6, 30) for year in (2027, 2028, 2029, 2030)]
    assert days(Course(OCTOBER_26), "portfolio") == [date(year, 5, 31) for year in (2027, 2028, 2029, 2030)]
    assert days(Course(OCTOBER_26), "panel") == [date(year, 6, 16) for year in (2027, 2028, 2029, 2030)]
    assert days(Course(OCTOBER_26), "submission") == [date(2030, 9, 30)]


def test_what_comes_weeks_before_lies_in_the_month_of_its_day_and_never_in_a_vacation() -> None:
    assert due(Course(OCTOBER_26), YEARS, MONTHS)["notice"] == Due("notice", ONCE, 2030 * 12 + 6, date(2030, 7, 22))
    abstract = due(Course(MT26))["abstract"]
    assert OXFORD.name(abstract.unit) == "Hilary 2030"
    assert abstract.day == date(2030, 3, 9), "the twelfth week before lies in the vacation"


def test_what_comes_weeks_before_is_no_earlier_than_the_course() -> None:
    rules = (Rule("early", Reckoned.BEFORE, base="first", weeks=104), Rule("first", Reckoned.COUNTED, 2))
    assert due(Course(OCTOBER_26), rules, MONTHS)["early"].day == date(2026, 10, 1)


def test_who_began_in_may_reports_first_in_the_june_of_the_year_after() -> None:
    may = 2026 * 12 + 4
    assert days(Course(may), "report")[0] == date(2027, 6, 30)


def test_no_report_is_due_while_the_course_pauses_and_the_end_moves() -> None:
    paused = Course(OCTOBER_26, pauses=(Pause(2028 * 12 + 3, 6),))
    assert days(paused, "report") == [date(year, 6, 30) for year in (2027, 2029, 2030)]
    assert days(paused, "submission") == [date(2031, 3, 31)]


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 10, 1), "MT26"),
        (date(2026, 12, 20), "HT27"),
        (date(2027, 1, 11), "HT27"),
        (date(2031, 10, 1), "MT31"),
        (date(2032, 5, 1), "TT32"),
    ],
)
def test_a_course_begins_in_the_term_of_its_day_or_the_one_after_a_vacation(day: date, term: str) -> None:
    assert OXFORD.short(OXFORD.of_day(day)) == term


def test_dates_that_are_provisional_make_provisional_milestones_and_placeholders_none() -> None:
    assert due(Course(MT26))["transfer"].is_provisional
    named = tuple(OXFORD.named)
    sure = units_of_terms(named, [replace(term, status=DateStatus.CONFIRMED) for term in oxford_terms()])
    assert not due(Course(MT26), TERMS, sure)["transfer"].is_provisional
    none = units_of_terms(named, [replace(term, status=DateStatus.PLACEHOLDER) for term in oxford_terms()])
    assert due(Course(MT26), TERMS, none)["transfer"] == Due("transfer", 0, MT26 + 3, None)


BOOKS = st.sampled_from([(TERMS, OXFORD, 2024 * 3), (YEARS, MONTHS, 2024 * 12)])


@st.composite
def cases(draw: st.DrawFn) -> tuple[tuple[Rule, ...], Units, Course]:
    """Some course under one of two rulebooks."""
    rules, units, start = draw(BOOKS)
    entry = start + draw(st.integers(0, 6 * units.a_year))
    pauses, at = [], entry
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6)), max_size=4)):
        pauses.append(Pause(at + gap, length))
        at += gap + length
    changes = draw(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([100, 75, 60, 50, 40])), max_size=3))
    rates = tuple(Rate(entry + after, rate) for after, rate in sorted(dict(changes).items()))
    extended = draw(st.dictionaries(st.sampled_from([rule.code for rule in rules]), st.integers(0, 6)))
    return rules, units, Course(entry, rates, tuple(pauses), extended)


def later_or_same(before: list[Due], after: list[Due]) -> bool:
    """Whether nothing of what was due comes earlier now, the nth time of each compared; what comes once still comes."""
    codes = {one.code for one in before}
    for code in codes:
        then, now = ([one for one in side if one.code == code] for side in (before, after))
        if then[0].occurrence == ONCE and len(now) != 1:
            return False
        for one, other in zip(then, now, strict=False):
            if other.unit < one.unit or (one.day and other.day and other.day < one.day):
                return False
    return True


@given(cases(), st.integers(0, 60), st.integers(1, 6))
def test_a_suspension_never_brings_a_date_forward(
    case: tuple[tuple[Rule, ...], Units, Course], after: int, length: int
) -> None:
    rules, units, course = case
    paused = replace(course, pauses=(*course.pauses, Pause(course.entry + after, length)))
    assert later_or_same(reckon(rules, course, units), reckon(rules, paused, units))


@given(cases(), st.sampled_from([75, 60, 50, 40, 20]))
def test_part_time_is_never_earlier_than_full_time(case: tuple[tuple[Rule, ...], Units, Course], rate: int) -> None:
    rules, units, course = case
    full, part = (replace(course, rates=(Rate(course.entry, one),)) for one in (100, rate))
    assert later_or_same(reckon(rules, full, units), reckon(rules, part, units))


@given(cases(), st.integers(1, 6))
def test_an_extension_never_brings_a_date_forward(case: tuple[tuple[Rule, ...], Units, Course], granted: int) -> None:
    rules, units, course = case
    more = replace(course, extended={rule.code: course.extended.get(rule.code, 0) + granted for rule in rules})
    assert later_or_same(reckon(rules, course, units), reckon(rules, more, units))


@given(cases())
def test_every_date_is_a_day_of_the_term_that_is_named_and_no_term_without_dates_has_one(
    case: tuple[tuple[Rule, ...], Units, Course],
) -> None:
    rules, units, course = case
    found = reckon(rules, course, units)
    assert {one.code for one in found} >= {"submission"}
    for one in found:
        span = units.span(one.unit)
        assert one.unit >= course.entry
        assert (one.day is None) == (span is None)
        if one.day and span:
            assert span.first <= one.day <= span.last
            assert units.name(one.unit)
